package io.busbar.api.uns;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One way in which a payload did not fit its model.
 *
 * @param code the kind of violation
 * @param field the field's name; empty if it concerns the payload as a whole
 * @param type what arrived as the value of the field; null if nothing did, or it concerns the
 *     payload as a whole
 * @param found what arrived instead: the value as it came, shortened, or its length; null if the
 *     code says it all
 * @param expectation what would have fitted; null if the code says it all
 * @param reason why the payload cannot be read; null if it is about something else
 * @param detail what arrived and what was expected, for people
 * @param at when it happened
 */
public record Violation(
        Code code,
        String field,
        @Nullable JsonType type,
        @Nullable String found,
        @Nullable Expectation expectation,
        @Nullable Reason reason,
        String detail,
        Instant at) {
    /** The kinds of violation. */
    public enum Code {
        /** The payload cannot be read. */
        FORMAT,
        /** The value has the wrong type. */
        TYPE,
        /** A required field is missing. */
        REQUIRED,
        /** The value is null, but the field is not nullable. */
        NULL,
        /** The model does not define the field. */
        UNKNOWN_FIELD,
        /** A number is too small or too large. */
        RANGE,
        /** A text is too long. */
        LENGTH,
        /** A text is not one of the allowed ones. */
        ENUM,
        /** A text does not match the pattern. */
        PATTERN,
        /** A time is not usable. */
        TIMESTAMP,
        /** The payload is too large. */
        SIZE,
        /** More messages came in a second than the topic may have. */
        RATE
    }
}
