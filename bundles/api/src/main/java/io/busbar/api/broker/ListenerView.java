package io.busbar.api.broker;

/**
 * One listening address, or one that should be.
 *
 * @param name the configuration's name, e.g. {@code tcp}
 * @param host the address it is bound to
 * @param port the actual port; while it does not listen, the configured one
 * @param path of WebSocket listeners, e.g. {@code /mqtt}; else empty
 * @param state whether it listens
 * @param detail what is wrong and what to do, if it failed; else empty
 */
public record ListenerView(
        String name,
        Transport transport,
        String host,
        int port,
        String path,
        State state,
        String detail,
        int connections) {
    /** Whether it listens. */
    public enum State {
        LISTENING,
        FAILED,
        STOPPED
    }

    /** The address as clients write it, e.g. {@code ws://127.0.0.1:8083/mqtt}. */
    public String uri() {
        String literal = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return transport.scheme() + "://" + literal + ":" + port + path;
    }
}
