package io.busbar.uns.registry.model;

import io.busbar.api.uns.Expectation;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.JsonType;
import io.busbar.api.uns.Violation;
import io.busbar.uns.registry.payload.JsonKind;
import io.busbar.uns.registry.payload.JsonText;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Holds numbers against the type and the range of one field. Most numbers are looked at as doubles
 * or longs; only what those do not hold exactly becomes a BigDecimal. Immutable.
 */
final class NumberCheck {
    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22
    };

    private static final BigDecimal MAX_FLOAT = new BigDecimal(Float.MAX_VALUE);
    private static final BigDecimal MAX_DOUBLE = new BigDecimal(Double.MAX_VALUE);

    private final Violations wrong;
    private final FieldType type;
    private final @Nullable BigDecimal least;
    private final @Nullable BigDecimal most;
    private final double min;
    private final double max;

    NumberCheck(Field field, Violations wrong) {
        this.wrong = wrong;
        this.type = field.type();
        this.least = field.min();
        this.most = field.max();
        this.min = least == null ? Double.NEGATIVE_INFINITY : least.doubleValue();
        this.max = most == null ? Double.POSITIVE_INFINITY : most.doubleValue();
    }

    /** INTEGER and LONG. */
    @Nullable Violation whole(byte[] json, int from, int to, JsonKind kind, long at) {
        if (!kind.isNumber()) {
            return wrong.type(json, from, to, Expectation.Kind.WHOLE_NUMBER, at);
        }
        boolean narrow = type == FieldType.INTEGER;
        if (kind == JsonKind.INTEGER && to - from <= 18) {
            long number = 0;
            boolean negative = json[from] == '-';
            for (int i = negative ? from + 1 : from; i < to; i++) {
                number = number * 10 + (json[i] - '0');
            }
            if (negative) {
                number = -number;
            }
            if (narrow && number != (int) number) {
                return wrong.of(
                        Violation.Code.RANGE,
                        json,
                        from,
                        to,
                        Expectation.of(Expectation.Kind.BITS_32),
                        at);
            }
            if (number > -(1L << 53) && number < 1L << 53) {
                return range(number, json, from, to, at);
            }
            return exactRange(BigDecimal.valueOf(number), at);
        }
        BigDecimal number = exact(json, from, to);
        if (number == null) {
            return wrong.of(
                    Violation.Code.RANGE,
                    JsonType.NUMBER,
                    Violations.raw(json, from, to),
                    Violations.raw(json, from, to) + " is out of any range",
                    at);
        }
        if (number.signum() != 0 && number.scale() > 0 && number.stripTrailingZeros().scale() > 0) {
            return wrong.type(json, from, to, Expectation.Kind.WHOLE_NUMBER, at);
        }
        if (number.precision() - (long) number.scale() > 19
                || number.toBigInteger().bitLength() > (narrow ? 31 : 63)) {
            Expectation.Kind bits = narrow ? Expectation.Kind.BITS_32 : Expectation.Kind.BITS_64;
            return wrong.of(Violation.Code.RANGE, json, from, to, Expectation.of(bits), at);
        }
        return exactRange(number, at);
    }

    /** FLOAT and DOUBLE. */
    @Nullable Violation number(byte[] json, int from, int to, JsonKind kind, long at) {
        if (!kind.isNumber()) {
            return wrong.type(json, from, to, Expectation.Kind.NUMBER, at);
        }
        double quick = quickDouble(json, from, to);
        if (!Double.isNaN(quick)) {
            return range(quick, json, from, to, at);
        }
        BigDecimal number = exact(json, from, to);
        boolean narrow = type == FieldType.FLOAT;
        if (number == null || number.abs().compareTo(narrow ? MAX_FLOAT : MAX_DOUBLE) > 0) {
            Expectation.Kind kept = narrow ? Expectation.Kind.FLOAT : Expectation.Kind.DOUBLE;
            return wrong.of(Violation.Code.RANGE, json, from, to, Expectation.of(kept), at);
        }
        return exactRange(number, at);
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

    private @Nullable Violation range(double value, byte[] json, int from, int to, long at) {
        if (value > min && value < max) {
            return null;
        }
        BigDecimal number = exact(json, from, to);
        return number == null ? null : exactRange(number, at);
    }

    private @Nullable Violation exactRange(BigDecimal number, long at) {
        if (least != null && number.compareTo(least) < 0) {
            return range(number, Expectation.Kind.AT_LEAST, least, at);
        }
        if (most != null && number.compareTo(most) > 0) {
            return range(number, Expectation.Kind.AT_MOST, most, at);
        }
        return null;
    }

    private Violation range(BigDecimal number, Expectation.Kind kind, BigDecimal limit, long at) {
        String found = JsonText.clip(number.toString());
        Expectation expected = new Expectation(kind, limit.toPlainString());
        return wrong.of(Violation.Code.RANGE, JsonType.NUMBER, found, "", expected, at);
    }
}
