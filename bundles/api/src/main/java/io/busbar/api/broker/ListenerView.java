package io.busbar.api.broker;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One listening address, or one that should be.
 *
 * @param name the configuration's name, e.g. {@code tcp}
 * @param host the address it is bound to; of a Unix domain socket {@code unix:/path}
 * @param port the actual port; while it does not listen, the configured one; 0 of a Unix domain
 *     socket
 * @param path of WebSocket listeners, e.g. {@code /mqtt}; else empty
 * @param state whether it listens
 * @param detail what is wrong and what to do, if it failed or a changed certificate cannot be used;
 *     else empty
 * @param refused connections that a limit of the listener closed, since it listens
 * @param certificateExpiresAt when the first of its certificates stops being valid, or null without
 *     TLS
 */
public record ListenerView(
        String name,
        Transport transport,
        String host,
        int port,
        String path,
        State state,
        String detail,
        int connections,
        long refused,
        @Nullable Instant certificateExpiresAt) {
    /** Without TLS, and nothing refused yet. */
    public ListenerView(
            String name,
            Transport transport,
            String host,
            int port,
            String path,
            State state,
            String detail,
            int connections) {
        this(name, transport, host, port, path, state, detail, connections, 0, null);
    }

    /** Whether it listens. */
    public enum State {
        LISTENING,
        FAILED,
        STOPPED
    }

    /** Whether clients connect to a file, and not over a network. */
    public boolean isUnixSocket() {
        return host.startsWith("unix:");
    }

    /** The address as clients write it, e.g. {@code ws://127.0.0.1:8083/mqtt}. */
    public String uri() {
        if (isUnixSocket()) {
            return host;
        }
        String literal = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return transport.scheme() + "://" + literal + ":" + port + path;
    }
}
