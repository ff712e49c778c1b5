package io.busbar.web.http;

import com.google.gson.JsonElement;
import io.busbar.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What goes back: status, headers and a body that is complete. Confined to the request's thread.
 */
public final class Answer {
    /** The endpoint has taken the exchange over and answers by itself, later. */
    public static final Answer TAKEN = new Answer(0, "", new byte[0]);

    private final int status;
    private final String contentType;
    private final byte[] body;
    private final Map<String, String> headers = new LinkedHashMap<>();

    private Answer(int status, String contentType, byte[] body) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
    }

    /** 200 with JSON. */
    public static Answer ok(JsonElement json) {
        return json(200, json);
    }

    /** 201 with JSON and where it is. */
    public static Answer created(JsonElement json, String location) {
        return json(201, json).header("Location", location);
    }

    /** Any status with JSON. */
    public static Answer json(int status, JsonElement json) {
        return new Answer(status, "application/json", utf8(Json.write(json)));
    }

    /** 204. */
    public static Answer noContent() {
        return new Answer(204, "", new byte[0]);
    }

    /** 200 with text of a media type. */
    public static Answer text(String contentType, String text) {
        return new Answer(200, contentType, utf8(text));
    }

    /** The document of a problem. */
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

    /** Adds the revision as ETag. */
    public Answer etag(long revision) {
        return header("ETag", "\"" + revision + "\"");
    }

    public int status() {
        return status;
    }

    /** Empty if there is no body. */
    public String contentType() {
        return contentType;
    }

    /** The bytes; not to be modified. */
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
