package io.busbar.uns.registry.model;

import io.busbar.api.uns.Expectation;
import io.busbar.api.uns.JsonType;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.Violation;
import io.busbar.uns.registry.payload.JsonKind;
import io.busbar.uns.registry.payload.JsonText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Says what is wrong with the values of one field.
 *
 * @param field its name; empty for the payload as a whole
 */
record Violations(String field) {
    /** Of the payload as a whole. */
    static final Violations PAYLOAD = new Violations("");

    /**
     * Something is wrong, and what was expected goes without saying.
     *
     * @param type what the value is; null if there is none
     * @param at in milliseconds since the epoch
     */
    Violation of(Violation.Code code, @Nullable JsonType type, String detail, long at) {
        return of(code, type, null, detail, at);
    }

    /**
     * The same, of a value that says something to people.
     *
     * @param found the value, shortened
     */
    Violation of(
            Violation.Code code,
            @Nullable JsonType type,
            @Nullable String found,
            String detail,
            long at) {
        return of(code, type, found, null, detail, at);
    }

    /**
     * The same, with what was expected.
     *
     * @param found the value, shortened
     * @param expected null if it goes without saying
     */
    Violation of(
            Violation.Code code,
            @Nullable JsonType type,
            @Nullable String found,
            @Nullable Expectation expected,
            String detail,
            long at) {
        return new Violation(
                code, field, type, found, expected, null, detail, Instant.ofEpochMilli(at));
    }

    /**
     * A payload cannot be read.
     *
     * @param why the same as the detail, for programs
     */
    static Violation unreadable(String detail, @Nullable Reason why, long at) {
        return new Violation(
                Violation.Code.FORMAT, "", null, null, null, why, detail, Instant.ofEpochMilli(at));
    }

    /**
     * A value is not what was expected.
     *
     * @param found what it is instead, or how long
     * @param unit what the length is counted in, with a space before; empty for a value
     */
    Violation of(
            Violation.Code code,
            @Nullable JsonType type,
            String found,
            String unit,
            Expectation expected,
            long at) {
        return new Violation(
                code,
                field,
                type,
                found,
                expected,
                null,
                found + unit + " (expected: " + expected.text() + ")",
                Instant.ofEpochMilli(at));
    }

    /** A value is not what was expected. */
    Violation of(
            Violation.Code code, byte[] json, int from, int to, Expectation expected, long at) {
        JsonType type = JsonKind.of(json, from, to).type();
        return of(code, type, raw(json, from, to), "", expected, at);
    }

    /** The value is of another type. */
    Violation type(byte[] json, int from, int to, Expectation.Kind expected, long at) {
        return of(Violation.Code.TYPE, json, from, to, Expectation.of(expected), at);
    }

    /** The value as it came, shortened. */
    static String raw(byte[] json, int from, int to) {
        return JsonText.clip(
                new String(json, from, Math.min(to - from, 200), StandardCharsets.UTF_8));
    }
}
