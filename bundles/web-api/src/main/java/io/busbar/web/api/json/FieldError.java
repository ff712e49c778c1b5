package io.busbar.web.api.json;

import com.google.gson.JsonObject;

/**
 * One mistake in a request.
 *
 * @param pointer JSON Pointer into the body; empty for the whole body or a parameter
 * @param field name of the field or parameter
 * @param code stable: required, length, range, pattern, enum, unknown, exists, type, invalid
 * @param message what came and what was expected, for people
 */
public record FieldError(String pointer, String field, String code, String message) {
    /** A mistake of a query parameter or header. */
    public static FieldError parameter(String name, String code, String message) {
        return new FieldError("", name, code, message);
    }

    /** As the problem document shows it. */
    public JsonObject toJson() {
        return new JsonShape()
                .put("pointer", pointer)
                .put("field", field)
                .put("code", code)
                .put("message", message)
                .build();
    }
}
