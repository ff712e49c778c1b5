package io.busbar.uns.registry.model;

import io.busbar.api.uns.Expectation;
import io.busbar.api.uns.Violation;
import java.time.Instant;

/** What is wrong with messages that are too large or come too fast, whatever they say. */
public final class Excess {
    private Excess() {}

    /**
     * A payload is too large.
     *
     * @param at in milliseconds since the epoch
     */
    public static Violation size(int bytes, int mostBytes, long at) {
        Expectation expected = atMost(mostBytes);
        return new Violation(
                Violation.Code.SIZE,
                "",
                null,
                String.valueOf(bytes),
                expected,
                null,
                "the payload has " + bytes + " bytes (expected: " + expected.text() + ")",
                Instant.ofEpochMilli(at));
    }

    /**
     * Messages of a topic come too fast.
     *
     * @param mostPerSecond how many may come in a second
     * @param at in milliseconds since the epoch
     */
    public static Violation rate(int mostPerSecond, long at) {
        Expectation expected = atMost(mostPerSecond);
        return new Violation(
                Violation.Code.RATE,
                "",
                null,
                null,
                expected,
                null,
                "messages come too fast (expected: " + expected.text() + " a second)",
                Instant.ofEpochMilli(at));
    }

    private static Expectation atMost(int value) {
        return new Expectation(Expectation.Kind.AT_MOST, String.valueOf(value));
    }
}
