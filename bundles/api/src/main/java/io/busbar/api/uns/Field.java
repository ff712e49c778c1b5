package io.busbar.api.uns;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One field of a model: its name, type and limits.
 *
 * @param name the key in the payload, see {@link FieldName}; brought into Unicode normal form C
 * @param type what values the field accepts
 * @param required whether every payload must have the field
 * @param nullable whether the value may be null
 * @param unit a UNECE Rec 20 code, e.g. CEL; null = none
 * @param min smallest value of a number; null = no limit
 * @param max largest value of a number; null = no limit
 * @param decimals digits shown after the decimal point, for display only; null = all
 * @param maxLength longest text, in characters; null = no limit
 * @param allowed the texts of an ENUM; otherwise empty
 * @param pattern a regular expression that the whole text must match; null = none
 * @param displayName a name for people; null = none
 * @param description null = none
 * @param coerce whether numbers and booleans that are sent as text are accepted
 * @param source where the value is in the payload: a key, or a path of keys with dots between them
 *     and places in lists, e.g. {@code spindle.load}, {@code axes[0].pos} or {@code
 *     ['PM2.5'].value}. A key that is the whole text comes first. null = the key is the name
 */
public record Field(
        String name,
        FieldType type,
        boolean required,
        boolean nullable,
        @Nullable String unit,
        @Nullable BigDecimal min,
        @Nullable BigDecimal max,
        @Nullable Integer decimals,
        @Nullable Integer maxLength,
        List<String> allowed,
        @Nullable String pattern,
        @Nullable String displayName,
        @Nullable String description,
        boolean coerce,
        @Nullable String source) {
    public Field {
        name = FieldName.normalized(name);
        allowed = List.copyOf(allowed);
    }

    /** Creates a field whose key in the payload is its name. */
    public Field(
            String name,
            FieldType type,
            boolean required,
            boolean nullable,
            @Nullable String unit,
            @Nullable BigDecimal min,
            @Nullable BigDecimal max,
            @Nullable Integer decimals,
            @Nullable Integer maxLength,
            List<String> allowed,
            @Nullable String pattern,
            @Nullable String displayName,
            @Nullable String description,
            boolean coerce) {
        this(
                name,
                type,
                required,
                nullable,
                unit,
                min,
                max,
                decimals,
                maxLength,
                allowed,
                pattern,
                displayName,
                description,
                coerce,
                null);
    }

    /** Creates an optional field without limits. */
    public static Field of(String name, FieldType type) {
        return new Field(
                name, type, false, false, null, null, null, null, null, List.of(), null, null, null,
                false);
    }

    /** Returns this with another place in the payload; null = the key is the name. */
    public Field withSource(@Nullable String newSource) {
        return new Field(
                name,
                type,
                required,
                nullable,
                unit,
                min,
                max,
                decimals,
                maxLength,
                allowed,
                pattern,
                displayName,
                description,
                coerce,
                newSource);
    }

    /** Returns this with another answer to whether every payload must have it. */
    public Field withRequired(boolean newRequired) {
        return new Field(
                name,
                type,
                newRequired,
                nullable,
                unit,
                min,
                max,
                decimals,
                maxLength,
                allowed,
                pattern,
                displayName,
                description,
                coerce,
                source);
    }

    /** Returns this with another answer to whether the value may be null. */
    public Field withNullable(boolean newNullable) {
        return withLimits(newNullable, min, max, maxLength, allowed, pattern);
    }

    /** Returns this with other limits of a number; null = no limit. */
    public Field withLimits(@Nullable BigDecimal newMin, @Nullable BigDecimal newMax) {
        return withLimits(nullable, newMin, newMax, maxLength, allowed, pattern);
    }

    /** Returns this with another longest text; null = no limit. */
    public Field withMaxLength(@Nullable Integer newMaxLength) {
        return withLimits(nullable, min, max, newMaxLength, allowed, pattern);
    }

    /** Returns this with other texts of an ENUM. */
    public Field withAllowed(List<String> newAllowed) {
        return withLimits(nullable, min, max, maxLength, newAllowed, pattern);
    }

    /** Returns this with another pattern; null = none. */
    public Field withPattern(@Nullable String newPattern) {
        return withLimits(nullable, min, max, maxLength, allowed, newPattern);
    }

    private Field withLimits(
            boolean newNullable,
            @Nullable BigDecimal newMin,
            @Nullable BigDecimal newMax,
            @Nullable Integer newMaxLength,
            List<String> newAllowed,
            @Nullable String newPattern) {
        return new Field(
                name,
                type,
                required,
                newNullable,
                unit,
                newMin,
                newMax,
                decimals,
                newMaxLength,
                newAllowed,
                newPattern,
                displayName,
                description,
                coerce,
                source);
    }

    /** Returns this for other values: another type, null or not, text for numbers or not. */
    public Field withType(FieldType newType, boolean newNullable, boolean newCoerce) {
        boolean text = newType == FieldType.STRING;
        boolean number =
                switch (newType) {
                    case INTEGER, LONG, FLOAT, DOUBLE -> true;
                    default -> false;
                };
        return new Field(
                name,
                newType,
                required,
                newNullable,
                unit,
                number ? min : null,
                number ? max : null,
                number ? decimals : null,
                text ? maxLength : null,
                newType == FieldType.ENUM ? allowed : List.of(),
                text ? pattern : null,
                displayName,
                description,
                newCoerce,
                source);
    }
}
