package io.busbar.uns.registry.model;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.ValidationMode;
import io.busbar.api.uns.Violation;
import io.busbar.uns.registry.payload.JsonScan;
import io.busbar.uns.registry.payload.JsonScan.Kind;
import io.busbar.uns.registry.payload.JsonText;
import io.busbar.uns.registry.payload.SourceTime;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A model made ready to be held against payloads: names hashed, limits parsed, patterns compiled.
 * Immutable; safe for any thread.
 */
public final class Schema {
    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22
    };

    private static final BigDecimal MAX_FLOAT = new BigDecimal(Float.MAX_VALUE);
    private static final BigDecimal MAX_DOUBLE = new BigDecimal(Double.MAX_VALUE);

    public final PayloadFormat format;
    public final boolean checks;
    private final boolean unknownIsViolation;
    private final List<Field> fields;
    private final Slot[] slots;
    private final int[] table;
    private final SourceTime times;
    private final long maxFutureMicros;

    /** A field of the model with everything that checking it takes. */
    private static final class Slot {
        final Field field;
        final byte[] name;
        final int hash;
        final boolean time;
        final boolean lenientTime;
        final double min;
        final double max;
        final Set<String> allowed;
        final @Nullable Pattern pattern;

        Slot(Field field, SourceTime times) {
            this.field = field;
            this.name = field.name().getBytes(StandardCharsets.UTF_8);
            this.hash = JsonScan.hash(name, 0, name.length);
            boolean named = times.isName(field.name());
            this.time =
                    named && (field.type() == FieldType.DATETIME || field.type() == FieldType.LONG);
            this.lenientTime = field.type() == FieldType.LONG;
            this.min = field.min() == null ? Double.NEGATIVE_INFINITY : field.min().doubleValue();
            this.max = field.max() == null ? Double.POSITIVE_INFINITY : field.max().doubleValue();
            this.allowed = Set.copyOf(field.allowed());
            this.pattern = field.pattern() == null ? null : Pattern.compile(field.pattern());
        }
    }

    /**
     * Compiles a model that has at least one field.
     *
     * @param maxFutureMicros how far ahead of the server's clock a source's time may be
     */
    public Schema(
            Model model,
            PayloadFormat format,
            ValidationMode validation,
            SourceTime times,
            long maxFutureMicros) {
        this.format = format;
        this.checks = validation != ValidationMode.OFF;
        this.unknownIsViolation = model.unknownFields() != UnknownFields.ALLOW;
        this.times = times;
        this.maxFutureMicros = maxFutureMicros;
        this.fields = model.fields();
        this.slots = new Slot[model.fields().size()];
        this.table = new int[Integer.highestOneBit(Math.max(slots.length, 2)) * 4];
        Arrays.fill(table, -1);
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new Slot(model.fields().get(i), times);
            int place = slots[i].hash & table.length - 1;
            while (table[place] >= 0) {
                place = place + 1 & table.length - 1;
            }
            table[place] = i;
        }
    }

    /** The fields as the model lists them. */
    public List<Field> fields() {
        return fields;
    }

    public int size() {
        return slots.length;
    }

    /**
     * Reads a payload into the fields of a topic: what fits becomes the new value of its field,
     * what does not marks its field Bad.
     *
     * @param receivedAt in milliseconds since the epoch
     * @return the first thing that is wrong with it, or null if it fits
     */
    public @Nullable Violation read(
            byte[] payload, long receivedAt, JsonScan scan, FieldSink into) {
        into.begin(receivedAt * 1000);
        return switch (format) {
            case JSON -> json(payload, receivedAt, scan, into);
            case SCALAR -> scalar(payload, receivedAt, scan, into);
            case TEXT -> text(payload, receivedAt, into);
            case BINARY, SPARKPLUG_B -> null;
        };
    }

    private @Nullable Violation json(
            byte[] payload, long receivedAt, JsonScan scan, FieldSink into) {
        if (!scan.scan(payload)) {
            into.unreadable();
            return violation(Violation.Code.FORMAT, "", "the payload " + scan.error(), receivedAt);
        }
        if (scan.kind() == Kind.OBJECT) {
            return members(payload, receivedAt, scan, into);
        }
        if (slots.length == 1 && scan.kind() != Kind.ARRAY) {
            return single(payload, scan.start(), scan.end(), scan.kind(), receivedAt, into);
        }
        into.unreadable();
        return violation(
                Violation.Code.FORMAT,
                "",
                scan.kind() == Kind.ARRAY
                        ? "the payload is an array (expected: an object)"
                        : "the payload is a bare value (expected: an object with "
                                + slots.length
                                + " fields)",
                receivedAt);
    }

    private @Nullable Violation members(
            byte[] payload, long receivedAt, JsonScan scan, FieldSink into) {
        Violation time = sourceTime(payload, receivedAt, scan, into);
        Violation first = null;
        int expected = 0;
        for (int i = 0; i < scan.count(); i++) {
            int index = indexOf(scan, i, expected);
            if (index < 0) {
                if (times.rank(scan, i) >= 0) {
                    continue;
                }
                if (first == null && unknownIsViolation && checks) {
                    first =
                            violation(
                                    Violation.Code.UNKNOWN_FIELD,
                                    JsonText.clip(scan.key(i)),
                                    "the model has no such field",
                                    receivedAt);
                }
                into.unknown(scan.key(i), payload, scan.valueStart(i), scan.valueEnd(i));
                continue;
            }
            expected = index + 1;
            Violation wrong =
                    check(
                            index,
                            payload,
                            scan.valueStart(i),
                            scan.valueEnd(i),
                            scan.valueKind(i),
                            receivedAt,
                            into);
            if (first == null) {
                first = wrong;
            }
        }
        for (int i = 0; i < slots.length; i++) {
            if (slots[i].field.required() && !into.touched(i) && checks) {
                into.missing(i);
                if (first == null) {
                    first =
                            violation(
                                    Violation.Code.REQUIRED,
                                    slots[i].field.name(),
                                    "is missing",
                                    receivedAt);
                }
            }
        }
        return first != null ? first : time;
    }

    /**
     * Finds the source's time and gives it to the fields; a violation if there is one that cannot
     * be believed.
     */
    private @Nullable Violation sourceTime(
            byte[] payload, long receivedAt, JsonScan scan, FieldSink into) {
        int best = -1;
        int bestRank = Integer.MAX_VALUE;
        for (int i = 0; i < scan.count(); i++) {
            int rank = times.rank(scan, i);
            if (rank >= 0 && rank < bestRank) {
                int index = indexOf(scan, i, 0);
                if (index < 0 || slots[index].time) {
                    best = i;
                    bestRank = rank;
                }
            }
        }
        if (best < 0) {
            return null;
        }
        int index = indexOf(scan, best, 0);
        if (index >= 0 && scan.valueKind(best) == Kind.NULL && slots[index].field.nullable()) {
            return null;
        }
        long micros =
                SourceTime.micros(
                        payload, scan.valueStart(best), scan.valueEnd(best), scan.valueKind(best));
        boolean readable = micros > SourceTime.OUT_OF_RANGE;
        if (readable && micros <= receivedAt * 1000 + maxFutureMicros) {
            into.sourceTime(micros);
            return null;
        }
        if (!readable && index >= 0 && slots[index].lenientTime) {
            return null;
        }
        into.doubtTime();
        if (!checks) {
            return null;
        }
        String raw =
                JsonText.clip(
                        new String(
                                payload,
                                scan.valueStart(best),
                                scan.valueEnd(best) - scan.valueStart(best),
                                StandardCharsets.UTF_8));
        return violation(
                Violation.Code.TIMESTAMP,
                scan.key(best),
                readable
                        ? raw
                                + " is ahead of the server's clock by more than "
                                + maxFutureMicros / 1_000_000
                                + " s"
                        : raw + " (expected: RFC 3339 with an offset, or s, ms or µs since 1970)",
                receivedAt);
    }

    private @Nullable Violation scalar(
            byte[] payload, long receivedAt, JsonScan scan, FieldSink into) {
        boolean json =
                scan.scan(payload) && scan.kind() != Kind.OBJECT && scan.kind() != Kind.ARRAY;
        if (json) {
            return single(payload, scan.start(), scan.end(), scan.kind(), receivedAt, into);
        }
        FieldType type = slots[0].field.type();
        if (slots.length == 1
                && (type == FieldType.STRING
                        || type == FieldType.ENUM
                        || type == FieldType.DATETIME)) {
            return text(payload, receivedAt, into);
        }
        into.unreadable();
        return violation(Violation.Code.FORMAT, "", "the payload is no bare value", receivedAt);
    }

    private @Nullable Violation text(byte[] payload, long receivedAt, FieldSink into) {
        byte[] quoted = JsonText.quoted(payload);
        if (quoted == null) {
            into.unreadable();
            return checks
                    ? violation(
                            Violation.Code.FORMAT, "", "the payload is no UTF-8 text", receivedAt)
                    : null;
        }
        Kind kind = JsonText.indexOf(quoted, (byte) '\\') < 0 ? Kind.STRING : Kind.ESCAPED_STRING;
        return single(quoted, 0, quoted.length, kind, receivedAt, into);
    }

    private @Nullable Violation single(
            byte[] json, int from, int to, Kind kind, long receivedAt, FieldSink into) {
        if (slots.length != 1) {
            into.unreadable();
            return violation(
                    Violation.Code.FORMAT,
                    "",
                    "the payload is one value (the model has " + slots.length + " fields)",
                    receivedAt);
        }
        return check(0, json, from, to, kind, receivedAt, into);
    }

    /**
     * The field of a member, or -1; tries first the one that would come next if the source keeps
     * the model's order.
     */
    private int indexOf(JsonScan scan, int member, int expected) {
        int hash = scan.keyHash(member);
        if (expected < slots.length
                && slots[expected].hash == hash
                && scan.keyIs(member, slots[expected].name)) {
            return expected;
        }
        int place = hash & table.length - 1;
        for (int index; (index = table[place]) >= 0; place = place + 1 & table.length - 1) {
            if (slots[index].hash == hash && scan.keyIs(member, slots[index].name)) {
                return index;
            }
        }
        return -1;
    }

    /** Holds one value against its field and stores it if it fits. */
    private @Nullable Violation check(
            int index, byte[] json, int from, int to, Kind kind, long at, FieldSink into) {
        if (!checks) {
            into.good(index, json, from, to);
            return null;
        }
        Slot slot = slots[index];
        if (kind == Kind.NULL) {
            if (slot.field.nullable()) {
                into.good(index, json, from, to);
                return null;
            }
            into.bad(index);
            return violation(Violation.Code.NULL, slot.field.name(), "is null", at);
        }
        if (slot.field.coerce() && kind == Kind.STRING && coerces(slot.field.type())) {
            JsonScan inner = new JsonScan();
            byte[] text = Arrays.copyOfRange(json, from + 1, to - 1);
            if (inner.scan(text) && !inner.kind().isString()) {
                return check(index, text, inner.start(), inner.end(), inner.kind(), at, into);
            }
        }
        Violation wrong =
                switch (slot.field.type()) {
                    case INTEGER, LONG -> whole(slot, json, from, to, kind, at);
                    case FLOAT, DOUBLE -> number(slot, json, from, to, kind, at);
                    case BOOLEAN ->
                            kind == Kind.TRUE || kind == Kind.FALSE
                                    ? null
                                    : type(slot, json, from, to, "true or false", at);
                    case DATETIME -> time(slot, json, from, to, kind, at);
                    case STRING -> string(slot, json, from, to, kind, at);
                    case ENUM ->
                            !kind.isString()
                                    ? type(slot, json, from, to, "text", at)
                                    : slot.allowed.contains(JsonText.text(json, from, to))
                                            ? null
                                            : violation(
                                                    Violation.Code.ENUM,
                                                    slot.field.name(),
                                                    raw(json, from, to)
                                                            + " (expected one of: "
                                                            + JsonText.clip(
                                                                    String.join(
                                                                            ", ",
                                                                            slot.field.allowed()))
                                                            + ")",
                                                    at);
                    case OBJECT ->
                            kind == Kind.OBJECT
                                    ? null
                                    : type(slot, json, from, to, "an object", at);
                    case ARRAY ->
                            kind == Kind.ARRAY ? null : type(slot, json, from, to, "an array", at);
                    case BLOB -> blob(slot, json, from, to, kind, at);
                };
        if (wrong == null) {
            into.good(index, json, from, to);
        } else {
            into.bad(index);
        }
        return wrong;
    }

    private static boolean coerces(FieldType type) {
        return switch (type) {
            case INTEGER, LONG, FLOAT, DOUBLE, BOOLEAN -> true;
            default -> false;
        };
    }

    private static @Nullable Violation whole(
            Slot slot, byte[] json, int from, int to, Kind kind, long at) {
        if (!kind.isNumber()) {
            return type(slot, json, from, to, "a number without fraction", at);
        }
        boolean narrow = slot.field.type() == FieldType.INTEGER;
        if (kind == Kind.INTEGER && to - from <= 18) {
            long number = 0;
            boolean negative = json[from] == '-';
            for (int i = negative ? from + 1 : from; i < to; i++) {
                number = number * 10 + (json[i] - '0');
            }
            if (negative) {
                number = -number;
            }
            if (narrow && number != (int) number) {
                return violation(
                        Violation.Code.RANGE,
                        slot.field.name(),
                        number + " (expected: 32 bits)",
                        at);
            }
            if (number > -(1L << 53) && number < 1L << 53) {
                return range(slot, number, json, from, to, at);
            }
            return exactRange(slot, BigDecimal.valueOf(number), at);
        }
        BigDecimal number = exact(json, from, to);
        if (number == null) {
            return violation(
                    Violation.Code.RANGE,
                    slot.field.name(),
                    raw(json, from, to) + " is out of any range",
                    at);
        }
        if (number.signum() != 0 && number.scale() > 0 && number.stripTrailingZeros().scale() > 0) {
            return type(slot, json, from, to, "a number without fraction", at);
        }
        if (number.precision() - (long) number.scale() > 19
                || number.toBigInteger().bitLength() > (narrow ? 31 : 63)) {
            return violation(
                    Violation.Code.RANGE,
                    slot.field.name(),
                    raw(json, from, to)
                            + (narrow ? " (expected: 32 bits)" : " (expected: 64 bits)"),
                    at);
        }
        return exactRange(slot, number, at);
    }

    private static @Nullable Violation number(
            Slot slot, byte[] json, int from, int to, Kind kind, long at) {
        if (!kind.isNumber()) {
            return type(slot, json, from, to, "a number", at);
        }
        double quick = quickDouble(json, from, to);
        if (!Double.isNaN(quick)) {
            return range(slot, quick, json, from, to, at);
        }
        BigDecimal number = exact(json, from, to);
        BigDecimal most = slot.field.type() == FieldType.FLOAT ? MAX_FLOAT : MAX_DOUBLE;
        if (number == null || number.abs().compareTo(most) > 0) {
            return violation(
                    Violation.Code.RANGE,
                    slot.field.name(),
                    raw(json, from, to) + " (expected: " + slot.field.type() + ")",
                    at);
        }
        return exactRange(slot, number, at);
    }

    /**
     * The value of a number of at most 15 digits and small exponent, which doubles hold exactly
     * enough; else NaN.
     */
    private static double quickDouble(byte[] json, int from, int to) {
        long digits = 0;
        int count = 0;
        int scale = 0;
        boolean fraction = false;
        int i = json[from] == '-' ? from + 1 : from;
        for (; i < to; i++) {
            byte c = json[i];
            if (c == '.') {
                fraction = true;
            } else if (c == 'e' || c == 'E') {
                return Double.NaN;
            } else {
                digits = digits * 10 + (c - '0');
                if (++count > 15) {
                    return Double.NaN;
                }
                if (fraction) {
                    scale++;
                }
            }
        }
        double value = digits / POWERS_OF_TEN[scale];
        return json[from] == '-' ? -value : value;
    }

    private static @Nullable BigDecimal exact(byte[] json, int from, int to) {
        try {
            return new BigDecimal(new String(json, from, to - from, StandardCharsets.ISO_8859_1));
        } catch (NumberFormatException ignored) {
            return null; // the exponent does not fit 32 bits
        }
    }

    private static @Nullable Violation range(
            Slot slot, double value, byte[] json, int from, int to, long at) {
        if (value > slot.min && value < slot.max) {
            return null;
        }
        BigDecimal number = exact(json, from, to);
        return number == null ? null : exactRange(slot, number, at);
    }

    private static @Nullable Violation exactRange(Slot slot, BigDecimal number, long at) {
        BigDecimal min = slot.field.min();
        BigDecimal max = slot.field.max();
        if (min != null && number.compareTo(min) < 0) {
            return violation(
                    Violation.Code.RANGE,
                    slot.field.name(),
                    JsonText.clip(number.toString())
                            + " (expected: at least "
                            + min.toPlainString()
                            + ")",
                    at);
        }
        if (max != null && number.compareTo(max) > 0) {
            return violation(
                    Violation.Code.RANGE,
                    slot.field.name(),
                    JsonText.clip(number.toString())
                            + " (expected: at most "
                            + max.toPlainString()
                            + ")",
                    at);
        }
        return null;
    }

    private static @Nullable Violation time(
            Slot slot, byte[] json, int from, int to, Kind kind, long at) {
        long micros = SourceTime.micros(json, from, to, kind);
        if (micros == SourceTime.UNREADABLE) {
            return type(
                    slot, json, from, to, "RFC 3339 with an offset, or s, ms or µs since 1970", at);
        }
        return micros == SourceTime.OUT_OF_RANGE
                ? violation(
                        Violation.Code.RANGE,
                        slot.field.name(),
                        raw(json, from, to) + " (expected: a time between 1971 and 2500)",
                        at)
                : null;
    }

    private static @Nullable Violation string(
            Slot slot, byte[] json, int from, int to, Kind kind, long at) {
        if (!kind.isString()) {
            return type(slot, json, from, to, "text", at);
        }
        Integer most = slot.field.maxLength();
        boolean mayBeLong = most != null && to - from - 2 > most;
        if (!mayBeLong && slot.pattern == null) {
            return null;
        }
        String text = JsonText.text(json, from, to);
        if (mayBeLong && text.codePointCount(0, text.length()) > most) {
            return violation(
                    Violation.Code.LENGTH,
                    slot.field.name(),
                    text.codePointCount(0, text.length())
                            + " characters (expected: at most "
                            + most
                            + ")",
                    at);
        }
        if (slot.pattern != null && !PatienceText.matches(slot.pattern, text)) {
            return violation(
                    Violation.Code.PATTERN,
                    slot.field.name(),
                    raw(json, from, to)
                            + " (expected: "
                            + JsonText.clip(slot.pattern.pattern())
                            + ")",
                    at);
        }
        return null;
    }

    private static @Nullable Violation blob(
            Slot slot, byte[] json, int from, int to, Kind kind, long at) {
        if (kind.isString()) {
            try {
                java.util.Base64.getDecoder().decode(JsonText.text(json, from, to));
                return null;
            } catch (IllegalArgumentException ignored) {
                // falls through to the answer
            }
        }
        return type(slot, json, from, to, "base64 text", at);
    }

    private static Violation type(
            Slot slot, byte[] json, int from, int to, String expected, long at) {
        return violation(
                Violation.Code.TYPE,
                slot.field.name(),
                raw(json, from, to) + " (expected: " + expected + ")",
                at);
    }

    private static String raw(byte[] json, int from, int to) {
        return JsonText.clip(
                new String(json, from, Math.min(to - from, 200), StandardCharsets.UTF_8));
    }

    private static Violation violation(Violation.Code code, String field, String detail, long at) {
        return new Violation(code, field, detail, java.time.Instant.ofEpochMilli(at));
    }
}
