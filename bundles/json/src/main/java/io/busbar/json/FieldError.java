package io.busbar.json;

import com.google.gson.JsonObject;

/**
 * One mistake in what somebody sent.
 *
 * @param pointer JSON Pointer (RFC 6901) into the document; empty for the whole of it or a
 *     parameter
 * @param field name of the field or parameter
 * @param code stable: required, length, range, pattern, enum, unknown, exists, type, invalid
 * @param message what came and what was expected, as a sentence for people
 * @param problem the same without the name, for a message that begins with the place
 */
public record FieldError(
        String pointer, String field, String code, String message, String problem) {
    /** The code of a key that is not known. */
    public static final String UNKNOWN = "unknown";

    /** The code of a value that is missing. */
    public static final String REQUIRED = "required";

    /** A mistake with one sentence. */
    public FieldError(String pointer, String field, String code, String message) {
        this(pointer, field, code, message, message);
    }

    /** A mistake of a query parameter or header. */
    public static FieldError parameter(String name, String code, String message) {
        return new FieldError("", name, code, message);
    }

    /**
     * The place in the notation of JSON paths, e.g. {@code credentials[0].acl[1].filter}; empty for
     * the whole document.
     */
    public String place() {
        StringBuilder place = new StringBuilder();
        for (String step : pointer.split("/")) {
            String name = step.replace("~1", "/").replace("~0", "~");
            if (!name.isEmpty() && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
                place.append('[').append(name).append(']');
            } else if (!name.isEmpty()) {
                place.append(place.isEmpty() ? "" : ".").append(name);
            }
        }
        return place.toString();
    }

    /** As the problem document of the web API shows it. */
    public JsonObject toJson() {
        return new JsonShape()
                .put("pointer", pointer)
                .put("field", field)
                .put("code", code)
                .put("message", message)
                .build();
    }
}
