package io.busbar.uns.registry.payload;

import io.busbar.api.uns.Expectation;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads times in payloads: text as {@link TimeText} has it, or a number since the epoch. Whether
 * the number means seconds, milliseconds, microseconds or nanoseconds is decided by its size. Times
 * are microseconds since the epoch. Immutable.
 */
public final class SourceTime {
    /** Not a time of any accepted form. */
    public static final long UNREADABLE = Long.MIN_VALUE;

    /** A time, but not between 1971 and 2500; nanoseconds only reach to 2262. */
    public static final long OUT_OF_RANGE = Long.MIN_VALUE + 1;

    /** A time that could be anywhere: it has no offset, and nobody knows the source's zone. */
    public static final long NO_OFFSET = Long.MIN_VALUE + 2;

    /** Longer texts are no times. */
    private static final int LONGEST = 100;

    private static final long MIN_SECONDS =
            LocalDate.of(1971, 1, 1).toEpochSecond(java.time.LocalTime.MIN, ZoneOffset.UTC);
    private static final long MAX_SECONDS =
            LocalDate.of(2500, 1, 1).toEpochSecond(java.time.LocalTime.MIN, ZoneOffset.UTC);

    /** In lower case. */
    private final byte[][] names;

    /** A bit for each length that a name has, so that most others need not be compared. */
    private final long lengths;

    /**
     * Knows the names under which sources send their time, the more trusted first. The case of
     * their letters from A to Z does not matter.
     */
    public SourceTime(List<String> names) {
        List<String> folded =
                names.stream().map(name -> name.toLowerCase(Locale.ROOT)).distinct().toList();
        this.names = new byte[folded.size()][];
        long bits = 0;
        for (int i = 0; i < this.names.length; i++) {
            this.names[i] = folded.get(i).getBytes(StandardCharsets.UTF_8);
            bits |= 1L << Math.min(this.names[i].length, 63);
        }
        this.lengths = bits;
    }

    /**
     * The place of a value's name among the names, 0 = the most trusted, or -1 if it is none of
     * them.
     */
    public int rank(Reading reading, int index) {
        if ((lengths >>> Math.min(reading.nameLength(index), 63) & 1) == 0) {
            return -1;
        }
        for (int i = 0; i < names.length; i++) {
            if (reading.nameFoldsTo(index, names[i])) {
                return i;
            }
        }
        return -1;
    }

    /** The value with the most trusted of the names, or -1 if none has one. */
    int mostTrusted(Reading reading) {
        int best = -1;
        int bestRank = Integer.MAX_VALUE;
        for (int i = 0; i < reading.count(); i++) {
            int rank = rank(reading, i);
            if (rank >= 0 && rank < bestRank) {
                best = i;
                bestRank = rank;
            }
        }
        return best;
    }

    /** Whether a field of this name is a source's time. */
    public boolean isName(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        for (byte[] known : names) {
            if (foldsTo(bytes, 0, bytes.length, known)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a range of bytes is a text, when the letters from A to Z are made small. */
    static boolean foldsTo(byte[] bytes, int from, int to, byte[] lower) {
        if (to - from != lower.length) {
            return false;
        }
        for (int i = 0; i < lower.length; i++) {
            byte c = bytes[from + i];
            if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != lower[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether what {@link #micros} answered is a time. */
    public static boolean isTime(long micros) {
        return micros > NO_OFFSET;
    }

    /**
     * Reads the time that a value is; {@link #UNREADABLE}, {@link #OUT_OF_RANGE} or {@link
     * #NO_OFFSET} if it is none.
     *
     * @param zone where the source is if its time does not say so; null if nobody knows
     * @param arrival when it came, in microseconds since the epoch: it tells which of the two an
     *     hour is that a zone has twice
     */
    public static long micros(Reading reading, int index, @Nullable ZoneId zone, long arrival) {
        return micros(
                reading.json(index),
                reading.from(index),
                reading.to(index),
                reading.kind(index),
                zone,
                arrival);
    }

    /** What was expected where {@link #micros} answered that there is no time. */
    public static Expectation expected(long micros) {
        return Expectation.of(
                micros == NO_OFFSET
                        ? Expectation.Kind.TIME_ZONE
                        : micros == OUT_OF_RANGE
                                ? Expectation.Kind.TIME_IN_RANGE
                                : Expectation.Kind.TIME);
    }

    /** A moment as microseconds since the epoch, or {@link #OUT_OF_RANGE}. */
    public static long micros(Instant time) {
        return ranged(time.getEpochSecond(), time.getNano() / 1000);
    }

    /** A time as microseconds since the epoch, or {@link #OUT_OF_RANGE}. */
    static long ranged(long seconds, long micros) {
        return seconds >= MIN_SECONDS && seconds < MAX_SECONDS
                ? seconds * 1_000_000 + micros
                : OUT_OF_RANGE;
    }

    /** Microseconds since the epoch as a moment. */
    public static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }

    /** Reads a value as {@link #micros(Reading, int, ZoneId, long)}. */
    public static long micros(
            byte[] json, int from, int to, JsonKind kind, @Nullable ZoneId zone, long arrival) {
        return switch (kind) {
            case STRING -> TimeText.micros(json, from + 1, to - 1, zone, arrival);
            case ESCAPED_STRING -> escaped(json, from, to, zone, arrival);
            case INTEGER -> integer(json, from, to);
            case DECIMAL -> decimal(json, from, to);
            default -> UNREADABLE;
        };
    }

    /** Some programs escape the slash and the plus sign, which no time needs. */
    private static long escaped(
            byte[] json, int from, int to, @Nullable ZoneId zone, long arrival) {
        if (to - from > LONGEST) {
            return UNREADABLE;
        }
        byte[] plain = JsonText.text(json, from, to).getBytes(StandardCharsets.UTF_8);
        return TimeText.micros(plain, 0, plain.length, zone, arrival);
    }

    static long integer(byte[] json, int from, int to) {
        if (json[from] == '-' || to - from > 19) {
            return OUT_OF_RANGE;
        }
        long number = 0; // 19 digits that are too many make it negative
        for (int i = from; i < to; i++) {
            number = number * 10 + (json[i] - '0');
        }
        if (number >= MIN_SECONDS && number < MAX_SECONDS) {
            return number * 1_000_000;
        }
        if (number >= MIN_SECONDS * 1000 && number < MAX_SECONDS * 1000) {
            return number * 1000;
        }
        if (number >= MIN_SECONDS * 1_000_000 && number < MAX_SECONDS * 1_000_000) {
            return number;
        }
        return number >= MIN_SECONDS * 1_000_000_000 ? number / 1000 : OUT_OF_RANGE;
    }

    static long decimal(byte[] json, int from, int to) {
        double size =
                Double.parseDouble(new String(json, from, to - from, StandardCharsets.ISO_8859_1));
        int shift;
        if (size >= MIN_SECONDS && size < MAX_SECONDS) {
            shift = 6;
        } else if (size >= MIN_SECONDS * 1e3 && size < MAX_SECONDS * 1e3) {
            shift = 3;
        } else if (size >= MIN_SECONDS * 1e6 && size < MAX_SECONDS * 1e6) {
            shift = 0;
        } else if (size >= MIN_SECONDS * 1e9 && size < Long.MAX_VALUE) {
            shift = -3;
        } else {
            return OUT_OF_RANGE;
        }
        return new BigDecimal(new String(json, from, to - from, StandardCharsets.ISO_8859_1))
                .movePointRight(shift)
                .longValue();
    }
}
