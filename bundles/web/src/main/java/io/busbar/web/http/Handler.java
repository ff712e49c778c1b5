package io.busbar.web.http;

import java.io.IOException;

/**
 * Serves one route. Called on a thread of the web server; may block for as long as the services it
 * asks.
 */
@FunctionalInterface
public interface Handler {
    /**
     * Serves the request.
     *
     * @throws Problem for everything the caller should be told
     */
    Answer handle(Request request) throws IOException;
}
