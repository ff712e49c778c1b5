package io.busbar.web.api.http;

import com.google.gson.JsonElement;
import io.busbar.api.audit.Actor;
import io.busbar.json.FieldError;
import io.busbar.json.Json;
import io.busbar.json.JsonFields;
import io.busbar.web.api.session.Session;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request on its way through an endpoint. Confined to the request's thread. */
public final class Request {
    private final HttpServletRequest servletRequest;
    private final HttpServletResponse servletResponse;
    private final Router.Match match;
    private final Map<String, String> query;
    private final @Nullable Session session;

    public Request(
            HttpServletRequest servletRequest,
            HttpServletResponse servletResponse,
            Router.Match match,
            @Nullable Session session) {
        this.servletRequest = servletRequest;
        this.servletResponse = servletResponse;
        this.match = match;
        this.session = session;
        this.query = parseQuery(servletRequest.getQueryString());
    }

    /** What stands for a parameter of the path, decoded. */
    public String path(String name) {
        String value = match.parameters().get(name);
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

    /** Who is signed in; only of routes that ask for a role. */
    public Session session() {
        if (session == null) {
            throw new IllegalStateException("session on a route without a role");
        }
        return session;
    }

    /** Who is signed in, if anybody. */
    public Optional<Session> findSession() {
        return Optional.ofNullable(session);
    }

    /** Who asks for a change. */
    public Actor actor() {
        return Actor.user(session().username(), remoteAddress());
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
        int max = match.route().maxBodyBytes();
        if (servletRequest.getContentLengthLong() > max) {
            throw tooLarge(max);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        InputStream in = servletRequest.getInputStream();
        for (int n; (n = in.read(buffer)) >= 0; ) {
            bytes.write(buffer, 0, n);
            if (bytes.size() > max) {
                throw tooLarge(max);
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

    private static Problem tooLarge(int max) {
        return Problem.of(
                        ProblemType.PAYLOAD_TOO_LARGE,
                        "The body is larger than " + max + " bytes. Nothing was changed.")
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

    /** For the live stream, which takes the exchange over. */
    public HttpServletRequest servletRequest() {
        return servletRequest;
    }

    /** For the live stream, which takes the exchange over. */
    public HttpServletResponse servletResponse() {
        return servletResponse;
    }

    private static Map<String, String> parseQuery(@Nullable String text) {
        Map<String, String> query = new HashMap<>();
        if (text != null && !text.isEmpty()) {
            for (String pair : text.split("&")) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                query.putIfAbsent(
                        percentDecode(name.replace('+', ' ')),
                        percentDecode(value.replace('+', ' ')));
            }
        }
        return query;
    }

    /** Decodes percent-encoding in UTF-8; what is malformed is a 400. */
    static String percentDecode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < utf8.length; i++) {
            if (utf8[i] != '%') {
                bytes.write(utf8[i]);
                continue;
            }
            int high = i + 2 <= utf8.length - 1 ? Character.digit(utf8[i + 1], 16) : -1;
            int low = i + 2 <= utf8.length - 1 ? Character.digit(utf8[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw badEncoding(text);
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw badEncoding(text);
        }
    }

    private static Problem badEncoding(String text) {
        return Problem.validation(
                FieldError.parameter("", "pattern", "'" + text + "' is not percent-encoded UTF-8"));
    }
}
