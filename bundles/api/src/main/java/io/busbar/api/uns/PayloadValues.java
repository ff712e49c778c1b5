package io.busbar.api.uns;

import java.time.Instant;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Takes the values that a {@link io.busbar.api.uns.spi.PayloadReader} finds in one payload. Valid
 * until the reader returns, on its thread.
 *
 * <p>A payload has either named values, or one bare value without a name. A name may come several
 * times, with other times, if the payload holds several samples of it: the oldest first. Nothing is
 * taken over if the reader throws or calls {@link #unreadable}. More than {@link #MAX_VALUES}
 * values are refused with an {@link IllegalStateException}.
 */
@ProviderType
public interface PayloadValues {
    /** So many values may one payload have. */
    int MAX_VALUES = 10_000;

    /**
     * When the values that follow were true, as the source says. Without it, a value under one of
     * the configured names (e.g. {@code timestamp}) is taken for the time of all values; without
     * that, the time of arrival.
     */
    void time(Instant time);

    /** How far the source itself trusts the values that follow; {@link Quality#GOOD} without it. */
    void quality(Quality quality);

    /** A number; one that is not finite is a value that the source does not have: Bad. */
    void number(String name, double value);

    /** A whole number. */
    void number(String name, long value);

    /** True or false. */
    void bool(String name, boolean value);

    /** A text. */
    void text(String name, String value);

    /**
     * Any value, as JSON.
     *
     * @throws IllegalArgumentException if it is not one JSON value
     */
    void json(String name, String json);

    /**
     * Any value, as JSON in UTF-8, without a copy: the arrays are kept and must not be modified.
     *
     * @throws IllegalArgumentException if it is not one JSON value
     */
    void json(byte[] name, int nameFrom, int nameTo, byte[] json, int from, int to);

    /**
     * The bare value that the payload is, as JSON in UTF-8, without a copy.
     *
     * @throws IllegalArgumentException if it is not one JSON value
     */
    void bare(byte[] json, int from, int to);

    /**
     * The payload is not of this format.
     *
     * @param why in a few words that follow "the payload …", e.g. "has 3 columns (expected: 4)"
     */
    void unreadable(String why);
}
