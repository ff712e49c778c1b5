package io.busbar.web.http;

import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The order of the rows of a list that is read in pages. Where a row stands is a small value of its
 * own, so that it fits into a cursor. Rows with the same value come by their key. Immutable.
 *
 * @param column what the rows are sorted by
 * @param descending whether the largest come first
 * @param behind rows that come after all others, whatever the direction
 * @param key a unique key of a row
 * @param <T> the rows
 */
public record RowOrder<T>(
        Column<T> column, boolean descending, Predicate<T> behind, Function<T, String> key) {
    /** Characters of a text that count; rows whose texts differ later come by their key. */
    private static final int MAX_TEXT = 64;

    /** Seconds whose microseconds fit into a long. */
    private static final long MAX_SECONDS = 9_000_000_000_000L;

    /**
     * What rows can be sorted by: a number, or a text.
     *
     * @param <T> the rows
     */
    public record Column<T>(ToLongFunction<T> number, Function<T, String> text) {
        /** Text without regard to case. */
        public static <T> Column<T> text(Function<T, String> text) {
            return new Column<>(row -> 0, row -> clipped(text.apply(row)));
        }

        public static <T> Column<T> number(ToLongFunction<T> number) {
            return new Column<>(number, row -> "");
        }

        /** Numbers from 0; less than 0 is 0. */
        public static <T> Column<T> decimal(ToDoubleFunction<T> number) {
            return number(row -> Double.doubleToLongBits(Math.max(0, number.applyAsDouble(row))));
        }

        /** To the microsecond. */
        public static <T> Column<T> time(Function<T, Instant> time) {
            return number(
                    row -> {
                        Instant at = time.apply(row);
                        long seconds =
                                Math.max(-MAX_SECONDS, Math.min(MAX_SECONDS, at.getEpochSecond()));
                        return seconds * 1_000_000 + at.getNano() / 1_000;
                    });
        }

        private static String clipped(String text) {
            String folded = text.toLowerCase(Locale.ROOT);
            if (folded.length() <= MAX_TEXT) {
                return folded;
            }
            boolean pair = Character.isHighSurrogate(folded.charAt(MAX_TEXT - 1));
            return folded.substring(0, pair ? MAX_TEXT - 1 : MAX_TEXT);
        }
    }

    /** Where a row stands. */
    record Place(boolean behind, long number, String text, String key) {}

    Place placeOf(T row) {
        return new Place(
                behind.test(row),
                column.number().applyAsLong(row),
                column.text().apply(row),
                key.apply(row));
    }

    Comparator<Place> places() {
        Comparator<Place> value =
                Comparator.comparingLong(Place::number).thenComparing(Place::text);
        return Comparator.comparing(Place::behind)
                .thenComparing(descending ? value.reversed() : value)
                .thenComparing(Place::key);
    }
}
