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
 * @param proxied whether it takes connections of a proxy only, which have to begin with a header of
 *     the PROXY protocol; clients connect to the proxy
 * @param certificateExpiresAt when the first of its certificates stops being valid, or null without
 *     TLS
 * @param advertisedHost the host that clients are told instead, because it is another one where
 *     they are; empty if they are told where it listens
 * @param advertisedPort the port that they are told instead; 0 if it is the same
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
        boolean proxied,
        @Nullable Instant certificateExpiresAt,
        String advertisedHost,
        int advertisedPort) {
    /** Creates the view of a listener that tells clients where it listens. */
    public ListenerView(
            String name,
            Transport transport,
            String host,
            int port,
            String path,
            State state,
            String detail,
            int connections,
            long refused,
            boolean proxied,
            @Nullable Instant certificateExpiresAt) {
        this(
                name,
                transport,
                host,
                port,
                path,
                state,
                detail,
                connections,
                refused,
                proxied,
                certificateExpiresAt,
                "",
                0);
    }

    /** Creates the view of a listener without TLS and proxy that has refused no connection yet. */
    public ListenerView(
            String name,
            Transport transport,
            String host,
            int port,
            String path,
            State state,
            String detail,
            int connections) {
        this(name, transport, host, port, path, state, detail, connections, 0, false, null);
    }

    /** Whether a listener accepts connections. */
    public enum State {
        /** Accepts connections. */
        LISTENING,
        /** Cannot listen; the detail says why. */
        FAILED,
        /** Not started, or stopped. */
        STOPPED
    }

    /** Whether this is a Unix domain socket instead of a network address. */
    public boolean isUnixSocket() {
        return host.startsWith("unix:");
    }

    /**
     * Whether only programs on this machine can connect: a Unix domain socket or a loopback
     * address. The address is judged as it is configured, without asking a name server.
     */
    public boolean isLocal() {
        return isUnixSocket()
                || host.equals("localhost")
                || host.matches("\\[?(::1|0:0:0:0:0:0:0:1)]?|127(\\.\\d{1,3}){3}");
    }

    /**
     * Whether it is bound to every address of the machine: its host is none that a client could
     * connect to.
     */
    public boolean isEverywhere() {
        return MachineAddresses.isEvery(host);
    }

    /**
     * Returns the address as it is configured, in the form that clients use, e.g. {@code
     * ws://127.0.0.1:8083/mqtt}.
     */
    public String uri() {
        return uri(host);
    }

    /** Whether clients are told another host than the one where it listens. */
    public boolean isAdvertised() {
        return !isUnixSocket() && !advertisedHost.isEmpty();
    }

    /** The port that clients are told. */
    public int clientPort() {
        return isUnixSocket() || advertisedPort == 0 ? port : advertisedPort;
    }

    /**
     * Returns the address that a client on this machine can connect to: {@link #uri}, with a host
     * that is one.
     */
    public String reachableUri() {
        return uri(MachineAddresses.of(host).get(0));
    }

    /**
     * Returns the address that clients are told: the advertised one, else {@link #reachableUri}.
     */
    public String clientUri() {
        return uri(
                isAdvertised() ? advertisedHost : MachineAddresses.of(host).get(0), clientPort());
    }

    private String uri(String at) {
        return uri(at, port);
    }

    private String uri(String at, int atPort) {
        if (isUnixSocket()) {
            return host;
        }
        boolean bare = at.indexOf(':') >= 0 && !at.startsWith("[");
        String literal = bare ? "[" + at.replace("%", "%25") + "]" : at;
        return transport.scheme() + "://" + literal + ":" + atPort + path;
    }
}
