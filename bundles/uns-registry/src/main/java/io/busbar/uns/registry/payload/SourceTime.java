package io.busbar.uns.registry.payload;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Reads times in payloads: RFC 3339 text, or a number since the epoch. Whether the number means
 * seconds, milliseconds or microseconds is decided by its size. Times are microseconds since the
 * epoch. Immutable.
 */
public final class SourceTime {
    /** Not a time of any accepted form. */
    public static final long UNREADABLE = Long.MIN_VALUE;

    /** A time, but not between 1971 and 2500. */
    public static final long OUT_OF_RANGE = Long.MIN_VALUE + 1;

    /** What a source's time may be, for people. */
    public static final String EXPECTED = "RFC 3339 with an offset, or s, ms or µs since 1970";

    private static final long MIN_SECONDS =
            LocalDate.of(1971, 1, 1).toEpochSecond(java.time.LocalTime.MIN, ZoneOffset.UTC);
    private static final long MAX_SECONDS =
            LocalDate.of(2500, 1, 1).toEpochSecond(java.time.LocalTime.MIN, ZoneOffset.UTC);

    private final byte[][] names;

    /** A bit for each length that a name has, so that most others need not be compared. */
    private final long lengths;

    /** Knows the names under which sources send their time, the more trusted first. */
    public SourceTime(List<String> names) {
        this.names = new byte[names.size()][];
        long bits = 0;
        for (int i = 0; i < this.names.length; i++) {
            this.names[i] = names.get(i).getBytes(StandardCharsets.UTF_8);
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
            if (reading.nameIs(index, names[i])) {
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
            if (java.util.Arrays.equals(known, bytes)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Reads the time that a value is; {@link #UNREADABLE} or {@link #OUT_OF_RANGE} if it is none.
     */
    public static long micros(Reading reading, int index) {
        return micros(
                reading.json(index), reading.from(index), reading.to(index), reading.kind(index));
    }

    /** A moment as microseconds since the epoch, or {@link #OUT_OF_RANGE}. */
    public static long micros(Instant time) {
        long seconds = time.getEpochSecond();
        return seconds >= MIN_SECONDS && seconds < MAX_SECONDS
                ? seconds * 1_000_000 + time.getNano() / 1000
                : OUT_OF_RANGE;
    }

    /** Microseconds since the epoch as a moment. */
    public static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }

    /** Reads a value; {@link #UNREADABLE} or {@link #OUT_OF_RANGE} if that fails. */
    public static long micros(byte[] json, int from, int to, JsonKind kind) {
        return switch (kind) {
            case STRING -> text(json, from + 1, to - 1);
            case INTEGER -> integer(json, from, to);
            case DECIMAL -> decimal(json, from, to);
            default -> UNREADABLE;
        };
    }

    private static long integer(byte[] json, int from, int to) {
        if (json[from] == '-' || to - from > 18) {
            return OUT_OF_RANGE;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + (json[i] - '0');
        }
        if (number >= MIN_SECONDS && number < MAX_SECONDS) {
            return number * 1_000_000;
        }
        if (number >= MIN_SECONDS * 1000 && number < MAX_SECONDS * 1000) {
            return number * 1000;
        }
        return number >= MIN_SECONDS * 1_000_000 && number < MAX_SECONDS * 1_000_000
                ? number
                : OUT_OF_RANGE;
    }

    private static long decimal(byte[] json, int from, int to) {
        double size =
                Double.parseDouble(new String(json, from, to - from, StandardCharsets.ISO_8859_1));
        int shift;
        if (size >= MIN_SECONDS && size < MAX_SECONDS) {
            shift = 6;
        } else if (size >= MIN_SECONDS * 1e3 && size < MAX_SECONDS * 1e3) {
            shift = 3;
        } else if (size >= MIN_SECONDS * 1e6 && size < MAX_SECONDS * 1e6) {
            shift = 0;
        } else {
            return OUT_OF_RANGE;
        }
        return new BigDecimal(new String(json, from, to - from, StandardCharsets.ISO_8859_1))
                .movePointRight(shift)
                .longValue();
    }

    /** {@code 2026-11-23T08:15:30.250Z}: an offset is demanded, or the time would be a guess. */
    private static long text(byte[] s, int from, int to) {
        if (to - from < 20) {
            return UNREADABLE;
        }
        int year = digits(s, from, 4);
        int month = digits(s, from + 5, 2);
        int day = digits(s, from + 8, 2);
        int hour = digits(s, from + 11, 2);
        int minute = digits(s, from + 14, 2);
        int second = digits(s, from + 17, 2);
        byte divider = s[from + 10];
        if (year < 0
                || month < 1
                || month > 12
                || day < 1
                || hour < 0
                || hour > 23
                || minute < 0
                || minute > 59
                || second < 0
                || second > 60
                || s[from + 4] != '-'
                || s[from + 7] != '-'
                || s[from + 13] != ':'
                || s[from + 16] != ':'
                || divider != 'T' && divider != 't' && divider != ' ') {
            return UNREADABLE;
        }
        if (day > daysOf(year, month)) {
            return UNREADABLE;
        }
        int at = from + 19;
        long micros = 0;
        if (s[at] == '.') {
            at++;
            int first = at;
            for (long unit = 100_000; at < to && s[at] >= '0' && s[at] <= '9'; at++, unit /= 10) {
                micros += (s[at] - '0') * unit;
            }
            if (at == first || at == to) {
                return UNREADABLE;
            }
        }
        int offsetSeconds = 0;
        if (s[at] == 'Z' || s[at] == 'z') {
            at++;
        } else if ((s[at] == '+' || s[at] == '-') && to - at == 6 && s[at + 3] == ':') {
            int hours = digits(s, at + 1, 2);
            int minutes = digits(s, at + 4, 2);
            if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
                return UNREADABLE;
            }
            offsetSeconds = (s[at] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
            at += 6;
        } else {
            return UNREADABLE;
        }
        if (at != to) {
            return UNREADABLE;
        }
        long seconds =
                epochDay(year, month, day) * 86_400
                        + hour * 3600L
                        + minute * 60L
                        + second
                        - offsetSeconds;
        return seconds >= MIN_SECONDS && seconds < MAX_SECONDS
                ? seconds * 1_000_000 + micros
                : OUT_OF_RANGE;
    }

    private static int digits(byte[] s, int from, int count) {
        int number = 0;
        for (int i = from; i < from + count; i++) {
            if (s[i] < '0' || s[i] > '9') {
                return -1;
            }
            number = number * 10 + (s[i] - '0');
        }
        return number;
    }

    private static int daysOf(int year, int month) {
        return switch (month) {
            case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    /** Days since 1970-01-01 in the Gregorian calendar, for years from 0. */
    private static long epochDay(int year, int month, int day) {
        int y = month <= 2 ? year - 1 : year;
        int era = y / 400;
        int yearOfEra = y - era * 400;
        int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097L + dayOfEra - 719_468;
    }
}
