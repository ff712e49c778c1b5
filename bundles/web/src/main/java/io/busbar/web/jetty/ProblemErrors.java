package io.busbar.web.jetty;

import io.busbar.json.Json;
import io.busbar.json.JsonShape;
import io.busbar.web.http.HttpCounters;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * What the web server answers by itself, mostly to what is no proper HTTP: a problem document for
 * programs, a line of text for people, never a page.
 */
final class ProblemErrors extends ErrorHandler {
    private final HttpCounters counters;

    ProblemErrors(HttpCounters counters) {
        this.counters = counters;
    }

    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            String message,
            @Nullable Throwable cause,
            Callback callback) {
        if (code >= 400 && code < 500 && code != 404) {
            counters.count(HttpCounters.Cause.MALFORMED_REQUEST);
        }
        String path = request.getHttpURI().getPath();
        // Paths that could not even be read have these names.
        boolean program =
                path == null
                        || path.startsWith("/api")
                        || path.equals("/badURI")
                        || path.equals("/badMessage");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.getHeaders()
                .put(
                        HttpHeader.CONTENT_TYPE,
                        program ? "application/problem+json" : "text/plain;charset=utf-8");
        byte[] body = program ? document(code, message) : text(code);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    @Override
    public ByteBuffer badMessageError(int status, String reason, HttpFields.Mutable fields) {
        counters.count(HttpCounters.Cause.MALFORMED_REQUEST);
        fields.put(HttpHeader.CONTENT_TYPE, "application/problem+json");
        return ByteBuffer.wrap(document(status, reason));
    }

    private static byte[] document(int code, @Nullable String detail) {
        String title = HttpStatus.getMessage(code);
        JsonShape shape =
                new JsonShape().put("type", "about:blank").put("title", title).put("status", code);
        if (detail != null && !detail.isBlank() && code < 500) {
            shape.put("detail", detail);
        }
        return Json.write(shape.build()).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] text(int code) {
        return (code + " " + HttpStatus.getMessage(code) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
