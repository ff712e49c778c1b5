package io.busbar.uns.registry.payload;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import org.jspecify.annotations.Nullable;

/**
 * Reads times that are written as text: RFC 3339 with what sources leave out of it or add to it,
 * {@code /Date(ms)/}, and digits. A form that could mean two times is refused.
 */
final class TimeText {
    /** {@code 2026-11-23T08:15}. */
    private static final int MINUTES = 16;

    private static final byte[] DATE_BEGIN = {'/', 'D', 'a', 't', 'e', '('};
    private static final byte[] DATE_END = {')', '/'};
    private static final int NONE = Integer.MIN_VALUE;

    /** The clock of a live source may be ahead of the server's by so many seconds. */
    private static final int CLOCKS_DIFFER = 300;

    private TimeText() {}

    /**
     * Microseconds since the epoch, or one of the answers of {@link SourceTime} that are none.
     *
     * @param zone where the source is if its time does not say so; null if nobody knows
     * @param arrival when the time came, in microseconds since the epoch
     */
    static long micros(byte[] s, int from, int to, @Nullable ZoneId zone, long arrival) {
        if (to > from && s[from] == '/') {
            return date(s, from, to);
        }
        if (to - from < 10) {
            return SourceTime.UNREADABLE;
        }
        return s[from + 4] == '-' ? iso(s, from, to, zone, arrival) : number(s, from, to);
    }

    /**
     * {@code /Date(1795421731250+0200)/}: always milliseconds; the offset only says where it was
     * written.
     */
    private static long date(byte[] s, int from, int to) {
        int end = to - DATE_END.length;
        if (!isAt(s, from, to, DATE_BEGIN) || !isAt(s, end, to, DATE_END)) {
            return SourceTime.UNREADABLE;
        }
        int first = from + DATE_BEGIN.length;
        int offset = end - 5;
        if (offset > first && (s[offset] == '+' || s[offset] == '-')) {
            if (offset(s, offset, end) == NONE) {
                return SourceTime.UNREADABLE;
            }
            end = offset;
        }
        long millis = digits(s, first, end - first);
        return end - first < 1 || end - first > 18 || millis < 0
                ? SourceTime.UNREADABLE
                : SourceTime.ranged(millis / 1000, millis % 1000 * 1000);
    }

    private static boolean isAt(byte[] s, int at, int to, byte[] text) {
        if (to - at < text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (s[at + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Digits, perhaps with a fraction: 10 are seconds, 13 milliseconds, 16 microseconds and 19
     * nanoseconds. Others are more likely a date without dividers, or no time at all.
     */
    private static long number(byte[] s, int from, int to) {
        int whole = 0;
        while (from + whole < to && isDigit(s[from + whole])) {
            whole++;
        }
        if (whole != 10 && whole != 13 && whole != 16 && whole != 19) {
            return SourceTime.UNREADABLE;
        }
        int at = from + whole;
        if (at == to) {
            return SourceTime.integer(s, from, to);
        }
        int fraction = to - at - 1;
        return s[at] == '.' && fraction > 0 && fraction <= 18 && digits(s, at + 1, fraction) >= 0
                ? SourceTime.decimal(s, from, to)
                : SourceTime.UNREADABLE;
    }

    /** {@code 2026-11-23T08:15:30.250+02:00}; seconds, fraction and the colons may be missing. */
    private static long iso(byte[] s, int from, int to, @Nullable ZoneId zone, long arrival) {
        if (to - from < MINUTES) {
            return SourceTime.UNREADABLE;
        }
        int year = (int) digits(s, from, 4);
        int month = (int) digits(s, from + 5, 2);
        int day = (int) digits(s, from + 8, 2);
        int hour = (int) digits(s, from + 11, 2);
        int minute = (int) digits(s, from + 14, 2);
        byte divider = s[from + 10];
        if (year < 0
                || month < 1
                || month > 12
                || day < 1
                || day > daysOf(year, month)
                || hour < 0
                || hour > 23
                || minute < 0
                || minute > 59
                || s[from + 7] != '-'
                || s[from + 13] != ':'
                || divider != 'T' && divider != 't' && divider != ' ') {
            return SourceTime.UNREADABLE;
        }
        long local = epochDay(year, month, day) * 86_400 + hour * 3600L + minute * 60L;
        int at = from + MINUTES;
        long micros = 0;
        if (at < to && s[at] == ':') {
            int second = to - at < 3 ? -1 : (int) digits(s, at + 1, 2);
            if (second < 0 || second > 60) {
                return SourceTime.UNREADABLE;
            }
            local += second;
            at += 3;
            if (at < to && (s[at] == '.' || s[at] == ',')) {
                int first = ++at;
                for (long unit = 100_000; at < to && isDigit(s[at]); at++, unit /= 10) {
                    micros += (s[at] - '0') * unit;
                }
                if (at == first) {
                    return SourceTime.UNREADABLE;
                }
            }
        }
        if (at == to) {
            return zone == null
                    ? SourceTime.NO_OFFSET
                    : SourceTime.ranged(local - offset(zone, local, arrival), micros);
        }
        int offset = offset(s, s[at] == ' ' ? at + 1 : at, to);
        return offset == NONE ? SourceTime.UNREADABLE : SourceTime.ranged(local - offset, micros);
    }

    /** {@code Z}, {@code +02}, {@code +0200} or {@code +02:00} in seconds, else NONE. */
    private static int offset(byte[] s, int at, int to) {
        int length = to - at;
        if (length == 1) {
            return s[at] == 'Z' || s[at] == 'z' ? 0 : NONE;
        }
        boolean colon = length == 6 && s[at + 3] == ':';
        if (length != 3 && length != 5 && !colon || s[at] != '+' && s[at] != '-') {
            return NONE;
        }
        long hours = digits(s, at + 1, 2);
        long minutes = length == 3 ? 0 : digits(s, to - 2, 2);
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
            return NONE;
        }
        return (s[at] == '-' ? -1 : 1) * (int) (hours * 3600 + minutes * 60);
    }

    /**
     * The offset at a local time. Of an hour that comes twice in autumn it is the one that is
     * nearest to the arrival and not ahead of it, but for what clocks differ; an hour that is left
     * out in spring counts on from the time before.
     */
    private static int offset(ZoneId zone, long local, long arrival) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(local, 0, ZoneOffset.UTC);
        ZoneOffsetTransition change = zone.getRules().getTransition(time);
        if (change != null && change.isOverlap()) {
            int second = change.getOffsetAfter().getTotalSeconds();
            if (local - second <= Math.floorDiv(arrival, 1_000_000L) + CLOCKS_DIFFER) {
                return second;
            }
        }
        return zone.getRules().getOffset(time).getTotalSeconds();
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    /** The number that at most 18 digits are, or -1 if one of them is none. */
    private static long digits(byte[] s, int from, int count) {
        long number = 0;
        for (int i = from; i < from + count; i++) {
            if (!isDigit(s[i])) {
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
