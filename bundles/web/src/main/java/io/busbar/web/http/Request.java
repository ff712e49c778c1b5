package io.busbar.web.http;

import com.google.gson.JsonElement;
import io.busbar.api.audit.Actor;
import io.busbar.json.FieldError;
import io.busbar.json.Json;
import io.busbar.json.JsonFields;
import io.busbar.web.caller.Caller;
import io.busbar.web.head.RequestHead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request, as a handler sees it: path and query parameters, headers, body, and who sent it.
 * Methods throw a {@link Problem} if what the client sent is not valid. Confined to the request's
 * thread.
 */
public final class Request {
    /** The media type of lines of JSON. */
    public static final String LINES = "application/x-ndjson";

    private final Lease lease;
    private final RequestHead head;
    private final Map<String, String> path;
    private final byte[] body;
    private final @Nullable Path bodyFile;
    private final Map<String, String> query;
    private final @Nullable Caller caller;

    /**
     * Makes one.
     *
     * @param lease the web server's request
     * @param path what stands for the parameters of the route's path
     * @param body all of it, already there
     * @param bodyFile where it is instead, if the route wants it in a file
     * @param caller null if nobody is signed in
     */
    public Request(
            Lease lease,
            Map<String, String> path,
            byte[] body,
            @Nullable Path bodyFile,
            @Nullable Caller caller) {
        this.lease = lease;
        this.head = lease.head();
        this.path = path;
        this.body = body;
        this.bodyFile = bodyFile;
        this.caller = caller;
        this.query = PercentCode.query(head.query());
    }

    /** Returns the decoded value of a path parameter. */
    public String path(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "path parameter: " + name + " (expected: one of the route's)");
        }
        return value;
    }

    /** Returns a query parameter. An empty one counts as absent. */
    public Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
    }

    /** Returns a required query parameter. */
    public String requiredQuery(String name) {
        return query(name)
                .orElseThrow(
                        () ->
                                Problem.validation(
                                        FieldError.parameter(
                                                name,
                                                "required",
                                                "query parameter " + name + " is missing")));
    }

    /**
     * Returns a query parameter that is a whole number from min to max, or the default if it is
     * absent.
     */
    public int queryInteger(String name, int min, int max, int otherwise) {
        Optional<String> value = query(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value.get());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // No number: same answer as out of range.
        }
        throw Problem.validation(
                FieldError.parameter(
                        name,
                        "range",
                        name + ": " + value.get() + " (expected: " + min + " to " + max + ")"));
    }

    /** Returns a query parameter that is true or false; false if it is absent. */
    public boolean queryFlag(String name) {
        String value = query(name).orElse("false");
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw Problem.validation(
                            FieldError.parameter(
                                    name,
                                    "type",
                                    name + ": " + value + " (expected: true or false)"));
        };
    }

    /** Returns a query parameter that is one of the given words, or empty if it is absent. */
    public Optional<String> queryChoice(String name, List<String> choices) {
        Optional<String> value = query(name);
        if (value.isPresent() && !choices.contains(value.get())) {
            throw Problem.validation(
                    FieldError.parameter(
                            name,
                            "enum",
                            name
                                    + ": "
                                    + value.get()
                                    + " (expected: "
                                    + String.join(", ", choices)
                                    + ")"));
        }
        return value;
    }

    /** Returns a query parameter that is a constant of an enumeration, or empty if it is absent. */
    public <E extends Enum<E>> Optional<E> queryChoice(String name, Class<E> type) {
        List<String> names =
                java.util.Arrays.stream(type.getEnumConstants()).map(Enum::name).toList();
        return queryChoice(name, names).map(value -> Enum.valueOf(type, value));
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(head.header(name));
    }

    /**
     * Returns the revision in the If-Match header, or empty if the header is absent or {@code *}.
     */
    public Optional<Long> ifMatch() {
        Optional<String> header = header("If-Match").map(String::strip);
        if (header.isEmpty() || header.get().equals("*")) {
            return Optional.empty();
        }
        String value = header.get();
        String bare = value.startsWith("W/") ? value.substring(2) : value;
        if (bare.length() > 2 && bare.startsWith("\"") && bare.endsWith("\"")) {
            try {
                return Optional.of(Long.parseLong(bare.substring(1, bare.length() - 1)));
            } catch (NumberFormatException e) {
                // Not one of our ETags: see below.
            }
        }
        throw Problem.validation(
                FieldError.parameter(
                        "If-Match",
                        "pattern",
                        "If-Match: " + value + " (expected: the ETag of the answer, e.g. \"3\")"));
    }

    /** Returns who sent the request. Only for routes that need a role. */
    public Caller caller() {
        if (caller == null) {
            throw new IllegalStateException("caller on a route without a role");
        }
        return caller;
    }

    /** Returns who sent the request, or empty if nobody is signed in. */
    public Optional<Caller> findCaller() {
        return Optional.ofNullable(caller);
    }

    /** Returns the actor for a change that the request makes. Only for routes that need a role. */
    public Actor actor() {
        return caller().actor();
    }

    /** The body as an object, to be read key by key. */
    public JsonFields body() {
        return JsonFields.of(json());
    }

    /** The body as JSON. */
    public JsonElement json() {
        String text = text();
        if (text.isBlank()) {
            throw Problem.of(
                    ProblemType.MALFORMED_JSON, "The body is empty (expected: a JSON object).");
        }
        try {
            return Json.parse(text);
        } catch (IllegalArgumentException e) {
            throw Problem.of(
                    ProblemType.MALFORMED_JSON,
                    "The body is not JSON: " + e.getMessage() + ". Nothing was changed.");
        }
    }

    /**
     * Returns the body as text.
     *
     * @throws Problem 415 if it is not declared as JSON, 400 if it is not UTF-8
     */
    public String text() {
        requireJsonType();
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            throw Problem.of(ProblemType.MALFORMED_JSON, "The body is not UTF-8.");
        }
    }

    /**
     * Returns the file that the body is in. It is deleted when the handler has returned. Only for
     * routes with a body in a file.
     *
     * @throws Problem 415 if it is not declared as JSON, 400 if there is none
     */
    public Path bodyFile() {
        requireJsonType();
        return presentBodyFile("a JSON object");
    }

    /**
     * Returns the file that the body is in, as {@link #bodyFile} does, for lines of JSON.
     *
     * @throws Problem 415 if it is not declared as such, 400 if there is none
     */
    public Path bodyFileOfLines() {
        requireType(LINES, bareType().equals(LINES));
        return presentBodyFile("lines of JSON");
    }

    private Path presentBodyFile(String expected) {
        if (bodyFile == null) {
            throw Problem.of(
                    ProblemType.MALFORMED_JSON, "The body is empty (expected: " + expected + ").");
        }
        return bodyFile;
    }

    private void requireJsonType() {
        String bare = bareType();
        boolean patch =
                head.method().equals("PATCH") && bare.equals("application/merge-patch+json");
        requireType("application/json", bare.equals("application/json") || patch);
    }

    private String bareType() {
        String type = head.header("Content-Type");
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    private void requireType(String expected, boolean holds) {
        if (!holds) {
            String type = head.header("Content-Type");
            throw Problem.of(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type is "
                            + (type == null ? "missing" : type)
                            + " (expected: "
                            + expected
                            + ").");
        }
    }

    /** Returns the IP address that the request comes from. */
    public String remoteAddress() {
        return head.address();
    }

    /** Whether the request came over TLS. */
    public boolean secure() {
        return head.secure();
    }

    /** Returns the host name or address that the client used for this server, without the port. */
    public String host() {
        return head.host();
    }

    /**
     * Begins an answer whose body is written over time, with status 200 and this media type. The
     * handler must then return {@link Answer#TAKEN}.
     */
    public ResponseStream stream(String contentType) {
        try {
            lease.use(
                    (request, response) -> {
                        response.setStatus(200);
                        response.setContentType(contentType);
                        response.setCharacterEncoding("UTF-8");
                        // A reverse proxy that collects bytes would keep them from the reader.
                        response.setHeader("X-Accel-Buffering", "no");
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ResponseStream(lease);
    }
}
