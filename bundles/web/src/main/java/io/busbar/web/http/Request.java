package io.busbar.web.http;

import com.google.gson.JsonElement;
import io.busbar.api.audit.Actor;
import io.busbar.json.FieldError;
import io.busbar.json.Json;
import io.busbar.json.JsonFields;
import io.busbar.web.caller.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request on its way through a handler. Confined to the request's thread. */
public final class Request {
    private final HttpServletRequest servletRequest;
    private final HttpServletResponse servletResponse;
    private final Map<String, String> path;
    private final int maxBodyBytes;
    private final Map<String, String> query;
    private final @Nullable Caller caller;

    /**
     * Wraps the request that a web server brought.
     *
     * @param path what stands for the parameters of the route's path
     * @param maxBodyBytes largest body that is read
     * @param caller null if nobody is signed in
     */
    public Request(
            HttpServletRequest servletRequest,
            HttpServletResponse servletResponse,
            Map<String, String> path,
            int maxBodyBytes,
            @Nullable Caller caller) {
        this.servletRequest = servletRequest;
        this.servletResponse = servletResponse;
        this.path = path;
        this.maxBodyBytes = maxBodyBytes;
        this.caller = caller;
        this.query = PercentCode.query(servletRequest.getQueryString());
    }

    /** What stands for a parameter of the path, decoded. */
    public String path(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "path parameter: " + name + " (expected: one of the route's)");
        }
        return value;
    }

    /** A query parameter; an empty one counts as absent. */
    public Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
    }

    /** A query parameter that has to be there. */
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

    /** A whole number of the query, or the default. */
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

    /** true or false of the query, or false. */
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

    /** One of the given words of the query, or empty. */
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

    /** One of an enumeration's names of the query, or empty. */
    public <E extends Enum<E>> Optional<E> queryChoice(String name, Class<E> type) {
        List<String> names =
                java.util.Arrays.stream(type.getEnumConstants()).map(Enum::name).toList();
        return queryChoice(name, names).map(value -> Enum.valueOf(type, value));
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(servletRequest.getHeader(name));
    }

    /** The revision of If-Match, if the header is there and no {@code *}. */
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

    /** Who is asking; only of routes that ask for a role. */
    public Caller caller() {
        if (caller == null) {
            throw new IllegalStateException("caller on a route without a role");
        }
        return caller;
    }

    /** Who is asking, if anybody is signed in. */
    public Optional<Caller> findCaller() {
        return Optional.ofNullable(caller);
    }

    /** Who asks for a change. */
    public Actor actor() {
        return caller().actor();
    }

    /** The body as an object, to be read key by key. */
    public JsonFields body() throws IOException {
        return JsonFields.of(json());
    }

    /** The body as JSON. */
    public JsonElement json() throws IOException {
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
     * The body as text.
     *
     * @throws Problem 415 if it is not declared as JSON, 413 if it is too large, 400 if it is not
     *     UTF-8
     */
    public String text() throws IOException {
        requireJsonType();
        if (servletRequest.getContentLengthLong() > maxBodyBytes) {
            throw tooLarge();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        InputStream in = servletRequest.getInputStream();
        for (int n; (n = in.read(buffer)) >= 0; ) {
            bytes.write(buffer, 0, n);
            if (bytes.size() > maxBodyBytes) {
                throw tooLarge();
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Problem.of(ProblemType.MALFORMED_JSON, "The body is not UTF-8.");
        }
    }

    private Problem tooLarge() {
        return Problem.of(
                        ProblemType.PAYLOAD_TOO_LARGE,
                        "The body is larger than " + maxBodyBytes + " bytes. Nothing was changed.")
                .withHeader("Connection", "close");
    }

    private void requireJsonType() {
        String type = servletRequest.getContentType();
        String bare = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        boolean patch =
                servletRequest.getMethod().equals("PATCH")
                        && bare.equals("application/merge-patch+json");
        if (!bare.equals("application/json") && !patch) {
            throw Problem.of(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Type is "
                            + (type == null ? "missing" : type)
                            + " (expected: application/json).");
        }
    }

    /** Where the request comes from: an IP address. */
    public String remoteAddress() {
        return servletRequest.getRemoteAddr();
    }

    /** Whether it came over TLS. */
    public boolean secure() {
        return servletRequest.isSecure();
    }

    /** The name or address that the caller used for this server, without port. */
    public String host() {
        return servletRequest.getServerName();
    }

    /**
     * Takes the exchange over: the answer has status 200 and this type, and its body is written
     * over time. The handler returns {@link Answer#TAKEN}.
     */
    public ResponseStream stream(String contentType) {
        servletResponse.setStatus(200);
        servletResponse.setContentType(contentType);
        servletResponse.setCharacterEncoding("UTF-8");
        // A reverse proxy that collects bytes would keep them from the reader.
        servletResponse.setHeader("X-Accel-Buffering", "no");
        return new ResponseStream(servletRequest.startAsync());
    }
}
