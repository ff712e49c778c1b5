package io.busbar.uns.registry.model;

import io.busbar.api.uns.Expectation;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldName;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.JsonType;
import io.busbar.api.uns.Violation;
import io.busbar.uns.registry.payload.JsonKind;
import io.busbar.uns.registry.payload.JsonScan;
import io.busbar.uns.registry.payload.JsonText;
import io.busbar.uns.registry.payload.SourceTime;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A field of a model with everything that finding it and checking its values takes. Immutable. */
final class FieldCheck {
    final Field field;

    /** The key of the payload that is its value. */
    final byte[] key;

    /** The same in Unicode normal form C. */
    final String normalKey;

    final int hash;

    /** Whether it is the source's time, which may then be of type DATETIME or LONG. */
    final boolean time;

    private final @Nullable ZoneId zone;
    private final Violations wrong;
    private final NumberCheck numbers;
    private final Set<String> allowed;
    private final @Nullable Pattern pattern;

    /**
     * Prepares the checks of a field.
     *
     * @param zone where the source is if a time does not say so; null if nobody knows
     */
    FieldCheck(Field field, SourceTime times, @Nullable ZoneId zone) {
        this.field = field;
        this.zone = zone;
        String name = FieldPath.keyOf(field);
        this.key = name.getBytes(StandardCharsets.UTF_8);
        this.normalKey = FieldName.normalized(name);
        this.hash = JsonScan.hash(key, 0, key.length);
        this.time =
                (field.type() == FieldType.DATETIME || field.type() == FieldType.LONG)
                        && times.isName(name);
        this.wrong = new Violations(field.name());
        this.numbers = new NumberCheck(field, wrong);
        this.allowed = Set.copyOf(field.allowed());
        this.pattern = field.pattern() == null ? null : Pattern.compile(field.pattern());
    }

    /** Whether numbers and booleans that are sent as text are taken out of it. */
    boolean coerces() {
        return field.coerce()
                && switch (field.type()) {
                    case INTEGER, LONG, FLOAT, DOUBLE, BOOLEAN -> true;
                    default -> false;
                };
    }

    /** The field is missing although it is required. */
    Violation missing(long at) {
        return wrong.of(Violation.Code.REQUIRED, null, "is missing", at);
    }

    /**
     * Holds a value against the field.
     *
     * @param at in milliseconds since the epoch
     * @return what is wrong with it, or null if it fits
     */
    @Nullable Violation check(byte[] json, int from, int to, JsonKind kind, long at) {
        if (kind == JsonKind.NULL) {
            return field.nullable()
                    ? null
                    : wrong.of(Violation.Code.NULL, JsonType.NULL, "is null", at);
        }
        return switch (field.type()) {
            case INTEGER, LONG -> numbers.whole(json, from, to, kind, at);
            case FLOAT, DOUBLE -> numbers.number(json, from, to, kind, at);
            case BOOLEAN ->
                    kind == JsonKind.TRUE || kind == JsonKind.FALSE
                            ? null
                            : wrong.type(json, from, to, Expectation.Kind.BOOLEAN, at);
            case DATETIME -> time(json, from, to, kind, at);
            case STRING -> string(json, from, to, kind, at);
            case ENUM -> oneOf(json, from, to, kind, at);
            case OBJECT ->
                    kind == JsonKind.OBJECT
                            ? null
                            : wrong.type(json, from, to, Expectation.Kind.OBJECT, at);
            case ARRAY ->
                    kind == JsonKind.ARRAY
                            ? null
                            : wrong.type(json, from, to, Expectation.Kind.ARRAY, at);
            case BLOB -> blob(json, from, to, kind, at);
        };
    }

    private @Nullable Violation time(byte[] json, int from, int to, JsonKind kind, long at) {
        long micros = SourceTime.micros(json, from, to, kind, zone, at * 1000);
        if (SourceTime.isTime(micros)) {
            return null;
        }
        return wrong.of(
                micros == SourceTime.OUT_OF_RANGE ? Violation.Code.RANGE : Violation.Code.TYPE,
                json,
                from,
                to,
                SourceTime.expected(micros),
                at);
    }

    private @Nullable Violation string(byte[] json, int from, int to, JsonKind kind, long at) {
        if (!kind.isString()) {
            return wrong.type(json, from, to, Expectation.Kind.TEXT, at);
        }
        Integer most = field.maxLength();
        boolean mayBeLong = most != null && to - from - 2 > most;
        if (!mayBeLong && pattern == null) {
            return null;
        }
        String text = JsonText.text(json, from, to);
        if (mayBeLong && text.codePointCount(0, text.length()) > most) {
            return wrong.of(
                    Violation.Code.LENGTH,
                    JsonType.STRING,
                    Integer.toString(text.codePointCount(0, text.length())),
                    " characters",
                    new Expectation(Expectation.Kind.AT_MOST, String.valueOf(most)),
                    at);
        }
        if (pattern != null && !PatienceText.matches(pattern, text)) {
            return wrong.of(
                    Violation.Code.PATTERN,
                    json,
                    from,
                    to,
                    new Expectation(Expectation.Kind.PATTERN, JsonText.clip(pattern.pattern())),
                    at);
        }
        return null;
    }

    private @Nullable Violation oneOf(byte[] json, int from, int to, JsonKind kind, long at) {
        if (!kind.isString()) {
            return wrong.type(json, from, to, Expectation.Kind.TEXT, at);
        }
        return allowed.contains(JsonText.text(json, from, to))
                ? null
                : wrong.of(
                        Violation.Code.ENUM,
                        json,
                        from,
                        to,
                        new Expectation(
                                Expectation.Kind.ONE_OF,
                                JsonText.clip(String.join(", ", field.allowed()))),
                        at);
    }

    private @Nullable Violation blob(byte[] json, int from, int to, JsonKind kind, long at) {
        if (kind.isString()) {
            try {
                Base64.getDecoder().decode(JsonText.text(json, from, to));
                return null;
            } catch (IllegalArgumentException ignored) {
                // falls through to the answer
            }
        }
        return wrong.type(json, from, to, Expectation.Kind.BASE64, at);
    }
}
