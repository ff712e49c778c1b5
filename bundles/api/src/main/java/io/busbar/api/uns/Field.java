package io.busbar.api.uns;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One field of a model.
 *
 * @param name {@code ^[A-Za-z][A-Za-z0-9_]{0,62}$}
 * @param unit UNECE Rec 20 code, e.g. CEL
 * @param decimals digits shown after the point; display only
 * @param maxLength of text, in characters
 * @param allowed the texts of an ENUM; else empty
 * @param pattern a regular expression that text has to match as a whole
 * @param coerce whether numbers and booleans sent as text are accepted
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
        boolean coerce) {
    public Field {
        allowed = List.copyOf(allowed);
    }

    /** An optional field of a type, with no limits. */
    public static Field of(String name, FieldType type) {
        return new Field(
                name, type, false, false, null, null, null, null, null, List.of(), null, null, null,
                false);
    }
}
