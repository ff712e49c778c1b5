package io.busbar.uns.registry.payload;

import io.busbar.api.uns.Quality;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads how far a source trusts its values: a word (Good, Uncertain, Bad and what begins with them,
 * as the names of OPC UA do), true or false, or a code of OPC, which may be text. Codes up to 255
 * are those of OPC DA: below 64 Bad, below 192 Uncertain, from there on Good. Codes of 32 bits are
 * those of OPC UA, whose two highest bits say it. So 0 is Bad, although it is Good in OPC UA.
 */
public final class SourceQuality {
    /** Longer texts are no qualities. */
    private static final int LONGEST = 100;

    private static final long DA_CODES = 1L << 8;
    private static final long UA_CODES = 1L << 32;

    /** Below it are codes that would say one thing in OPC DA and another in OPC UA. */
    private static final long UA_FIRST = 1L << 16;

    /** The codes of OPC DA that have a name. */
    private static final Set<String> NAMED_CODES =
            Set.of(
                    "0", "4", "8", "12", "16", "20", "24", "28", "32", "64", "68", "80", "84", "88",
                    "192", "216");

    private SourceQuality() {}

    /**
     * The quality that a value most likely is, because it could hardly be anything else: a word, or
     * a code that has a name. Null for all others, also for true and false.
     */
    public static @Nullable Quality typical(byte[] json, int from, int to, JsonKind kind) {
        boolean word = kind.isString() && Character.isLetter(json[from + 1]);
        boolean code =
                kind == JsonKind.INTEGER
                        && NAMED_CODES.contains(
                                new String(json, from, to - from, StandardCharsets.ISO_8859_1));
        return word || code ? of(json, from, to, kind) : null;
    }

    /** The quality that a value is, or null if it is none. */
    public static @Nullable Quality of(Reading reading, int index) {
        return of(reading.json(index), reading.from(index), reading.to(index), reading.kind(index));
    }

    /** The same of a value as it stands in JSON. */
    public static @Nullable Quality of(byte[] json, int from, int to, JsonKind kind) {
        if (to - from > LONGEST) {
            return null;
        }
        return switch (kind) {
            case TRUE -> Quality.GOOD;
            case FALSE -> Quality.BAD;
            case INTEGER, DECIMAL ->
                    number(new String(json, from, to - from, StandardCharsets.ISO_8859_1));
            case STRING, ESCAPED_STRING -> text(JsonText.text(json, from, to));
            case OBJECT, ARRAY, NULL -> null;
        };
    }

    private static @Nullable Quality text(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        if (word.startsWith("good") || word.equals("true")) {
            return Quality.GOOD;
        }
        if (word.startsWith("uncertain")) {
            return Quality.UNCERTAIN;
        }
        if (word.startsWith("bad") || word.equals("false")) {
            return Quality.BAD;
        }
        return number(word);
    }

    private static @Nullable Quality number(String number) {
        try {
            return code(new BigDecimal(number).longValueExact());
        } catch (ArithmeticException | NumberFormatException ignored) {
            return null; // no whole number
        }
    }

    private static @Nullable Quality code(long signed) {
        // Some programs have no unsigned numbers.
        long code = signed < 0 && signed >= Integer.MIN_VALUE ? signed + UA_CODES : signed;
        if (code < 0 || code >= UA_CODES || code >= DA_CODES && code < UA_FIRST) {
            return null;
        }
        if (code < DA_CODES) {
            return code < 64 ? Quality.BAD : code < 192 ? Quality.UNCERTAIN : Quality.GOOD;
        }
        return switch ((int) (code >> 30)) {
            case 0 -> Quality.GOOD;
            case 1 -> Quality.UNCERTAIN;
            default -> Quality.BAD;
        };
    }
}
