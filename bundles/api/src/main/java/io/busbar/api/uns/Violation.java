package io.busbar.api.uns;

import java.time.Instant;

/**
 * How a payload did not fit its model.
 *
 * @param field the field, or empty if it is about the payload as a whole
 * @param detail what came and what was expected, for people
 */
public record Violation(Code code, String field, String detail, Instant at) {
    /** The kinds of violation. */
    public enum Code {
        FORMAT,
        TYPE,
        REQUIRED,
        NULL,
        UNKNOWN_FIELD,
        RANGE,
        LENGTH,
        ENUM,
        PATTERN,
        TIMESTAMP,
        SIZE
    }
}
