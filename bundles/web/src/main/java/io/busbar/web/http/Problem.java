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
 * Thrown when a request cannot be served; becomes a problem document (RFC 9457). Handlers and what
 * they call may throw it anywhere; one place turns it into an answer. Has no stack trace.
 */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ProblemType type;
    private final transient List<FieldError> errors = new ArrayList<>();
    private final transient Map<String, String> parameters = new LinkedHashMap<>();
    private final transient Map<String, Number> numbers = new LinkedHashMap<>();
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    private Problem(ProblemType type, String detail) {
        super(detail, null, false, false);
        this.type = type;
    }

    /**
     * Creates a problem.
     *
     * @param detail what happened this time and what to do
     */
    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail);
    }

    /** Creates the problem for something that does not exist. */
    public static Problem notFound(String detail) {
        return new Problem(ProblemType.NOT_FOUND, detail);
    }

    /**
     * Creates the problem for something that does not exist.
     *
     * @param kind what it would be, for programs, e.g. "node"
     * @param name which one
     */
    public static Problem notFound(String kind, String name, String detail) {
        return notFound(detail).withParameter("kind", kind).withParameter("name", name);
    }

    /** Creates the problem for wrong values. */
    public static Problem validation(FieldError... errors) {
        List<String> messages = new ArrayList<>();
        for (FieldError error : errors) {
            messages.add(error.message());
        }
        return new Problem(ProblemType.VALIDATION, String.join("; ", messages) + ".")
                .withErrors(List.of(errors));
    }

    /** Creates the problem for mistakes in a request body. */
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
     * Creates the problem for a part of the server that is not running.
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
                .withParameter("bundle", bundle)
                .withHeader("Retry-After", "5");
    }

    /** Creates the problem for a request that the server has no room for at the moment. */
    public static Problem busy(String detail) {
        return new Problem(
                        ProblemType.BUSY, detail + " Nothing was changed: try again in a second.")
                .withHeader("Retry-After", "1");
    }

    /** Creates the problem for too many attempts. */
    public static Problem throttled(String detail, int retryAfterSeconds) {
        return new Problem(ProblemType.THROTTLED, detail)
                .with("retryAfterSeconds", retryAfterSeconds)
                .withHeader("Retry-After", Integer.toString(retryAfterSeconds));
    }

    public Problem withErrors(List<FieldError> more) {
        errors.addAll(more);
        return this;
    }

    /**
     * Returns this problem with something that its detail names, for a text in another language.
     */
    public Problem withParameter(String name, String value) {
        parameters.put(name, value);
        return this;
    }

    /** Returns this problem with all of these. */
    public Problem withParameters(Map<String, String> more) {
        parameters.putAll(more);
        return this;
    }

    /** Returns this problem with another member in its document. */
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
     * Returns the problem document.
     *
     * @param instance the request's path; null = leave it out
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
        if (!parameters.isEmpty()) {
            shape.put("parameters", JsonShape.textMap(parameters));
        }
        numbers.forEach(shape::put);
        return shape.build();
    }
}
