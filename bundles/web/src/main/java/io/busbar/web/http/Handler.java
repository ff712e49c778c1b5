package io.busbar.web.http;

import java.io.IOException;

/**
 * Serves the requests of one route. Called on threads of the web server, on several at once. May
 * block as long as the services it calls.
 */
@FunctionalInterface
public interface Handler {
    /**
     * Answers a request.
     *
     * @throws Problem for everything that the client should be told
     */
    Answer handle(Request request) throws IOException;
}
