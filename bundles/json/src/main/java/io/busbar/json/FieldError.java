package io.busbar.json;

import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.Map;

/**
 * One mistake in a document or request that somebody sent.
 *
 * @param pointer JSON Pointer (RFC 6901) to the wrong value; empty for the whole document or a
 *     parameter
 * @param field name of the field or parameter
 * @param code the kind of mistake, for programs: required, length, range, pattern, enum, unknown,
 *     exists, type or invalid. These names do not change
 * @param message what was sent and what was expected, as a sentence for people
 * @param problem the message without the name, for a text that begins with the place
 * @param parameters what the message names, for programs that say it in another language: {@code
 *     min} and {@code max} of a length or range, {@code expected} of an enum; {@code reason} with
 *     what it names, where the code says too little
 */
public record FieldError(
        String pointer,
        String field,
        String code,
        String message,
        String problem,
        Map<String, String> parameters) {
    /** The code for an unknown key. */
    public static final String UNKNOWN = "unknown";

    /** The code for a missing value. */
    public static final String REQUIRED = "required";

    public FieldError {
        parameters = Map.copyOf(parameters);
    }

    /** Creates a mistake without parameters. */
    public FieldError(String pointer, String field, String code, String message, String problem) {
        this(pointer, field, code, message, problem, Map.of());
    }

    /** Creates a mistake whose problem is the same as its message. */
    public FieldError(String pointer, String field, String code, String message) {
        this(pointer, field, code, message, message);
    }

    /** Creates a mistake in a query parameter or header. */
    public static FieldError parameter(String name, String code, String message) {
        return new FieldError("", name, code, message);
    }

    /** The same mistake with more parameters. */
    public FieldError with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(parameters);
        all.putAll(more);
        return new FieldError(pointer, field, code, message, problem, all);
    }

    /**
     * Returns the place as a JSON path, e.g. {@code credentials[0].acl[1].filter}; empty for the
     * whole document.
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

    /** Returns the mistake as it appears in a problem document of the web API. */
    public JsonObject toJson() {
        JsonShape shape =
                new JsonShape()
                        .put("pointer", pointer)
                        .put("field", field)
                        .put("code", code)
                        .put("message", message);
        return (parameters.isEmpty()
                        ? shape
                        : shape.put("parameters", JsonShape.textMap(parameters)))
                .build();
    }
}
