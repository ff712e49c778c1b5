package io.busbar.web.http;

import com.google.gson.JsonElement;
import io.busbar.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request: status, headers and a body, complete or made while it is taken. Confined
 * to the request's thread.
 */
public final class Answer {
    /**
     * Returned by a handler that has called {@link Request#stream} and writes its answer over time.
     */
    public static final Answer TAKEN = new Answer(0, "", new byte[0]);

    private final int status;
    private final String contentType;
    private final byte[] body;
    private final @Nullable BodySource source;
    private final Map<String, String> headers = new LinkedHashMap<>();

    private Answer(int status, String contentType, byte[] body) {
        this(status, contentType, body, null);
    }

    private Answer(int status, String contentType, byte[] body, @Nullable BodySource source) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
        this.source = source;
    }

    /** Status 200 with JSON. */
    public static Answer ok(JsonElement json) {
        return json(200, json);
    }

    /** Status 201 with JSON and the location of what was created. */
    public static Answer created(JsonElement json, String location) {
        return json(201, json).header("Location", location);
    }

    /** The given status with JSON. */
    public static Answer json(int status, JsonElement json) {
        return new Answer(status, "application/json", utf8(Json.write(json)));
    }

    /** Status 204, without a body. */
    public static Answer noContent() {
        return new Answer(204, "", new byte[0]);
    }

    /** Status 200 with text of the given media type. */
    public static Answer text(String contentType, String text) {
        return new Answer(200, contentType, utf8(text));
    }

    /**
     * Status 200 with a body that is made while the client takes it. The source is closed in any
     * case, also if the answer is not sent.
     */
    public static Answer stream(String contentType, BodySource source) {
        return new Answer(200, contentType, new byte[0], source);
    }

    /** The same answer with a body that is made while the client takes it. */
    public Answer from(BodySource made) {
        Answer answer = new Answer(status, contentType, new byte[0], made);
        answer.headers.putAll(headers);
        return answer;
    }

    /** The problem document of a problem. */
    public static Answer problem(Problem problem, String instance) {
        Answer answer =
                new Answer(
                        problem.type().status(),
                        "application/problem+json",
                        utf8(Json.write(problem.toJson(instance))));
        problem.headers().forEach(answer::header);
        return answer;
    }

    public Answer header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** Adds the revision as the ETag header. */
    public Answer etag(long revision) {
        return header("ETag", "\"" + revision + "\"");
    }

    public int status() {
        return status;
    }

    /** The media type of the body; empty if there is none. */
    public String contentType() {
        return contentType;
    }

    /** What makes the body; null if {@link #body} is all of it. */
    public @Nullable BodySource source() {
        return source;
    }

    /** The bytes of the body; must not be modified. */
    public byte[] body() {
        return body;
    }

    public Map<String, String> headers() {
        return headers;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
