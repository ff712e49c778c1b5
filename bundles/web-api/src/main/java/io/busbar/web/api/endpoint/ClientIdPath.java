package io.busbar.web.api.endpoint;

import io.busbar.web.http.Problem;
import io.busbar.web.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The Client Identifier in a path. Some characters cannot travel in a path through web servers and
 * proxies, however they are encoded: then it is {@code ~} and its UTF-8 in base64url.
 */
final class ClientIdPath {
    private ClientIdPath() {}

    /** Reads the parameter {@code clientId}. */
    static String of(Request request) {
        String segment = request.path("clientId");
        if (!segment.startsWith("~")) {
            return segment;
        }
        try {
            return new String(
                    Base64.getUrlDecoder().decode(segment.substring(1)), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw unknown(segment);
        }
    }

    /** Nobody has it. */
    static Problem unknown(String clientId) {
        return Problem.notFound(
                "client", clientId, "There is no client and no session '" + clientId + "'.");
    }
}
