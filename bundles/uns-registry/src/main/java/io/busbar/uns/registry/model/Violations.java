package io.busbar.uns.registry.model;

import io.busbar.api.uns.Violation;
import io.busbar.uns.registry.payload.JsonText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Says what is wrong with the values of one field.
 *
 * @param field its name; empty for the payload as a whole
 */
record Violations(String field) {
    /** Of the payload as a whole. */
    static final Violations PAYLOAD = new Violations("");

    /**
     * Something is wrong.
     *
     * @param at in milliseconds since the epoch
     */
    Violation of(Violation.Code code, String detail, long at) {
        return new Violation(code, field, detail, Instant.ofEpochMilli(at));
    }

    /** The value is of another type. */
    Violation type(byte[] json, int from, int to, String expected, long at) {
        return of(Violation.Code.TYPE, raw(json, from, to) + " (expected: " + expected + ")", at);
    }

    /** The value as it came, shortened. */
    static String raw(byte[] json, int from, int to) {
        return JsonText.clip(
                new String(json, from, Math.min(to - from, 200), StandardCharsets.UTF_8));
    }
}
