package io.busbar.uns.registry.model;

import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.Quality;
import io.busbar.uns.registry.payload.JsonKind;
import io.busbar.uns.registry.payload.JsonScan;
import io.busbar.uns.registry.payload.JsonText;
import io.busbar.uns.registry.payload.SourceQuality;
import io.busbar.uns.registry.payload.SourceTime;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the values in one place of several payloads were, and which type takes them all. Not
 * thread-safe.
 */
final class SeenValues {
    /** A double holds whole numbers of so many bits exactly. */
    private static final int DOUBLE_BITS = 53;

    private static final BigDecimal MAX_DOUBLE = new BigDecimal(Double.MAX_VALUE);

    private final JsonScan scan = new JsonScan();
    private int nulls;
    private int numbers;
    private int booleans;
    private int texts;
    private int structures;

    /** Of the texts, those that are numbers, and those that are times. */
    private int numericTexts;

    private int textTimes;

    /** Values of any kind that can be the source's time, and those of them without offset. */
    private int sourceTimes;

    private int withoutOffset;
    private int qualities;
    private boolean goodQuality;

    private boolean fraction;
    private boolean beyondDouble;
    private int bits;

    /** Takes one more value; null, a number, a boolean or text. */
    void add(byte[] json, int from, int to, JsonKind kind) {
        switch (kind) {
            case NULL -> nulls++;
            case TRUE, FALSE -> booleans++;
            case INTEGER, DECIMAL -> {
                numbers++;
                number(json, from, to);
            }
            case STRING, ESCAPED_STRING -> text(json, from, to, kind);
            case OBJECT, ARRAY -> structures++;
        }
        long micros = SourceTime.micros(json, from, to, kind, null, 0);
        if (SourceTime.isTime(micros) || micros == SourceTime.NO_OFFSET) {
            sourceTimes++;
            withoutOffset += micros == SourceTime.NO_OFFSET ? 1 : 0;
        }
        quality(json, from, to, kind);
    }

    private void number(byte[] json, int from, int to) {
        BigDecimal number;
        try {
            number = new BigDecimal(new String(json, from, to - from, StandardCharsets.UTF_8));
        } catch (NumberFormatException ignored) {
            beyondDouble = true; // the exponent does not fit 32 bits
            return;
        }
        if (number.signum() == 0) {
            return;
        }
        if (number.precision() - (long) number.scale() > 310
                || number.abs().compareTo(MAX_DOUBLE) > 0) {
            beyondDouble = true;
        } else if (number.scale() > 0 && number.stripTrailingZeros().scale() > 0) {
            fraction = true;
        } else {
            bits = Math.max(bits, number.toBigInteger().bitLength());
        }
    }

    private void text(byte[] json, int from, int to, JsonKind kind) {
        texts++;
        String text = JsonText.text(json, from, to);
        boolean dated = text.length() > 4 && text.charAt(4) == '-' || text.startsWith("/Date(");
        if (dated && SourceTime.isTime(SourceTime.micros(json, from, to, kind, null, 0))) {
            textTimes++;
        }
        byte[] inner = Arrays.copyOfRange(json, from + 1, to - 1);
        if (kind == JsonKind.STRING && scan.scan(inner) && scan.kind().isNumber()) {
            numericTexts++;
            number(inner, scan.start(), scan.end());
        }
    }

    private void quality(byte[] json, int from, int to, JsonKind kind) {
        Quality quality = SourceQuality.typical(json, from, to, kind);
        if (quality != null) {
            qualities++;
            goodQuality |= kind.isString() || quality == Quality.GOOD;
        }
    }

    /** How many of them were not null. */
    private int some() {
        return numbers + booleans + texts + structures;
    }

    /** Whether one was null. */
    boolean isNullable() {
        return nulls > 0;
    }

    /** Whether all were null, which says nothing of their type. */
    boolean isUnknown() {
        return nulls > 0 && some() == 0;
    }

    /** Whether all can be the source's time. */
    boolean isTime() {
        return sourceTimes > 0 && sourceTimes == some();
    }

    /** Whether one of these times has no offset. */
    boolean lacksOffset() {
        return withoutOffset > 0;
    }

    /** Whether all can be the source's quality, and hardly anything else. */
    boolean isQuality() {
        return goodQuality && qualities == some();
    }

    /** Whether there was nothing but objects and lists. */
    boolean isStructure() {
        return structures > 0 && structures == some();
    }

    /** Whether some are numbers as text and others are plain ones. */
    boolean needsCoerce() {
        return numbers > 0 && texts > 0;
    }

    /**
     * The narrowest type that takes all of them and those that probably follow; null if none does.
     * A number may have a fraction next time. Only whole numbers that a double would round stay
     * whole.
     */
    @Nullable FieldType type() {
        if (structures > 0) {
            return null;
        }
        if (isUnknown()) {
            return FieldType.DOUBLE;
        }
        if (booleans > 0) {
            return booleans == some() ? FieldType.BOOLEAN : null;
        }
        if (numbers > 0) {
            boolean exact = !fraction && bits > DOUBLE_BITS && bits <= 63;
            return texts != numericTexts || beyondDouble
                    ? null
                    : exact ? FieldType.LONG : FieldType.DOUBLE;
        }
        return textTimes == texts ? FieldType.DATETIME : FieldType.STRING;
    }

    /** Why no type takes them all, for people. */
    String mixture() {
        if (beyondDouble) {
            return "a number beyond all types";
        }
        List<String> parts = new ArrayList<>();
        part(numbers, "a number", parts);
        part(booleans, "true or false", parts);
        part(texts, "text", parts);
        part(structures, "an object or list", parts);
        return String.join(", ", parts);
    }

    private static void part(int times, String what, List<String> into) {
        if (times > 0) {
            into.add(times == 1 ? "once " + what : times + " times " + what);
        }
    }
}
