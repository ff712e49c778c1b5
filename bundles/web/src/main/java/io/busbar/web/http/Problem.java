package io.busbar.web.http;

import com.google.gson.JsonObject;
import io.busbar.json.FieldError;
import io.busbar.json.InvalidFieldsException;
import io.busbar.json.JsonShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that cannot be served, as RFC 9457 problem details. Thrown anywhere below the router
 * and turned into an answer in one place; carries no stack trace.
 */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ProblemType type;
    private final transient List<FieldError> errors = new ArrayList<>();
    private final transient Map<String, Number> numbers = new LinkedHashMap<>();
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    private Problem(ProblemType type, String detail) {
        super(detail, null, false, false);
        this.type = type;
    }

    /**
     * Makes a problem.
     *
     * @param detail what happened this time and what to do
     */
    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail);
    }

    /** Something does not exist. */
    public static Problem notFound(String detail) {
        return new Problem(ProblemType.NOT_FOUND, detail);
    }

    /** Values that do not fit. */
    public static Problem validation(FieldError... errors) {
        List<String> messages = new ArrayList<>();
        for (FieldError error : errors) {
            messages.add(error.message());
        }
        return new Problem(ProblemType.VALIDATION, String.join("; ", messages) + ".")
                .withErrors(List.of(errors));
    }

    /** Mistakes in a body. */
    public static Problem validation(InvalidFieldsException e) {
        return e.errors().stream()
                .filter(error -> error.code().equals(FieldError.UNKNOWN))
                .findFirst()
                .map(
                        unknown ->
                                new Problem(
                                                ProblemType.UNKNOWN_KEY,
                                                unknown.message() + ". Nothing was changed.")
                                        .withErrors(e.errors()))
                .orElseGet(() -> validation(e.errors().toArray(FieldError[]::new)));
    }

    /**
     * A part of the server is not running.
     *
     * @param what begins the sentence, e.g. "The namespace"
     * @param bundle symbolic name of the bundle that has to be started
     */
    public static Problem notRunning(String what, String bundle) {
        return new Problem(
                        ProblemType.UNAVAILABLE,
                        what
                                + " is not running. Start the bundle "
                                + bundle
                                + ", or look into the log why it stopped, then try again.")
                .withHeader("Retry-After", "5");
    }

    /** Too many attempts. */
    public static Problem throttled(String detail, int retryAfterSeconds) {
        return new Problem(ProblemType.THROTTLED, detail)
                .with("retryAfterSeconds", retryAfterSeconds)
                .withHeader("Retry-After", Integer.toString(retryAfterSeconds));
    }

    public Problem withErrors(List<FieldError> more) {
        errors.addAll(more);
        return this;
    }

    /** Adds a member with a number. */
    public Problem with(String member, long value) {
        numbers.put(member, value);
        return this;
    }

    public Problem withHeader(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public ProblemType type() {
        return type;
    }

    public Map<String, String> headers() {
        return headers;
    }

    /**
     * The document.
     *
     * @param instance the request's path
     */
    public JsonObject toJson(@Nullable String instance) {
        JsonShape shape =
                new JsonShape()
                        .put("type", type.urn())
                        .put("title", type.title())
                        .put("status", type.status())
                        .put("detail", getMessage());
        if (instance != null) {
            shape.put("instance", instance);
        }
        if (!errors.isEmpty()) {
            shape.put("errors", JsonShape.array(errors, FieldError::toJson));
        }
        numbers.forEach(shape::put);
        return shape.build();
    }
}
