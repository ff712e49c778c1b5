package io.busbar.api.uns;

import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Receives the values that a {@link io.busbar.api.uns.spi.PayloadReader} finds in one payload. May
 * be used until the reader returns, on the reader's thread only.
 *
 * <p>A payload has either named values, or a single value without a name. If the payload holds
 * several samples, the same name may be given several times with different times, oldest first. If
 * the reader throws an exception or calls {@link #unreadable}, none of the values is used. More
 * than {@link #MAX_VALUES} values cause an {@link IllegalStateException}.
 */
@ProviderType
public interface PayloadValues {
    /** Most values that one payload may have. */
    int MAX_VALUES = 10_000;

    /**
     * Returns where the source is, for times that do not say so: the {@code timeZone} of the
     * topic's node or of the nearest one above it. Null if nobody knows, so that such a time could
     * be any.
     */
    default @Nullable ZoneId timeZone() {
        return null;
    }

    /**
     * Sets when the following values were measured, as the source says. If this is not called, the
     * time is taken from a value with one of the configured names (e.g. {@code timestamp}). If
     * there is none, the time of arrival is used.
     */
    void time(Instant time);

    /**
     * Sets how far the source itself trusts the following values. If this is not called: {@link
     * Quality#GOOD}.
     */
    void quality(Quality quality);

    /**
     * Adds a number. A number that is not finite (NaN or infinite) means that the source has no
     * value: it becomes Bad.
     */
    void number(String name, double value);

    /** Adds a whole number. */
    void number(String name, long value);

    /** Adds a boolean. */
    void bool(String name, boolean value);

    /** Adds a text. */
    void text(String name, String value);

    /**
     * Adds a value of a format that does not tell texts from numbers, e.g. a column of a CSV line.
     * The type of the field decides: for a number or boolean the text is taken as JSON, as it was
     * sent; for every other type it is a text. What is no JSON (empty, NaN, 1d, 0x1p3, 007) is a
     * text as well, which a number or boolean does not accept.
     *
     * @param field a field of the model; its name is that of the value
     */
    default void unquoted(Field field, String value) {
        switch (field.type()) {
            case INTEGER, LONG, FLOAT, DOUBLE, BOOLEAN -> {
                try {
                    json(field.name(), value);
                } catch (IllegalArgumentException noJson) {
                    text(field.name(), value);
                }
            }
            default -> text(field.name(), value);
        }
    }

    /**
     * Adds any value as JSON text.
     *
     * @throws IllegalArgumentException if it is not exactly one JSON value
     */
    void json(String name, String json);

    /**
     * Adds any value as JSON in UTF-8, without copying it. The arrays are kept and must not be
     * modified. A range includes its start and excludes its end.
     *
     * @param name the array that holds the name
     * @param nameFrom start of the name
     * @param nameTo end of the name
     * @param json the array that holds the value
     * @param from start of the value
     * @param to end of the value
     * @throws IllegalArgumentException if it is not exactly one JSON value
     */
    void json(byte[] name, int nameFrom, int nameTo, byte[] json, int from, int to);

    /**
     * Sets the single value of a payload without names, as JSON in UTF-8, without copying it.
     *
     * @param json the array that holds the value; kept and must not be modified
     * @param from start of the value
     * @param to end of the value, exclusive
     * @throws IllegalArgumentException if it is not exactly one JSON value
     */
    void bare(byte[] json, int from, int to);

    /**
     * Reports that the payload is not in this format.
     *
     * @param why completes the sentence "the payload …", e.g. "has 3 columns (expected: 4)"
     */
    void unreadable(String why);

    /**
     * The same, with a reason that programs can say in another language.
     *
     * @param why completes the sentence "the payload …"
     */
    default void unreadable(String why, Reason reason) {
        unreadable(why);
    }
}
