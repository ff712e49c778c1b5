package io.busbar.mqtt.transport;

import io.busbar.api.broker.Transport;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What new connections of a listener need of its configuration, checked and read.
 *
 * @param path of WebSocket listeners
 * @param tls of TLS listeners, else null
 * @param proxied whether a PROXY header comes first
 * @param forwarded whether {@code X-Forwarded-For} of trusted proxies counts
 */
record ListenerSettings(
        Transport transport,
        String path,
        @Nullable Tls tls,
        boolean proxied,
        boolean forwarded,
        TrustedProxies proxies,
        Origins origins) {

    /**
     * Checks and reads a configuration, files included.
     *
     * @throws ListenerException if something is wrong; the message says what and what is expected
     */
    static ListenerSettings of(ListenerConfig c) {
        Transport transport = transport(c);
        inRange("port", c.port(), 0, 65_535);
        inRange("max.connections", c.max_connections(), 0, Integer.MAX_VALUE);
        inRange(
                "max.connections.per.address",
                c.max_connections_per_address(),
                0,
                Integer.MAX_VALUE);
        inRange("max.connects.per.second", c.max_connects_per_second(), 0, 1_000_000);
        inRange("certificate.poll.seconds", c.certificate_poll_seconds(), 1, 3_600);
        if (isWebSocket(transport) && !c.path().startsWith("/")) {
            throw new ListenerException("path = " + c.path() + " (expected: begins with /)", null);
        }
        if (c.proxy_protocol() && c.forwarded_for()) {
            throw new ListenerException(
                    "proxy.protocol and forwarded.for are both on (expected: one of them)", null);
        }
        return new ListenerSettings(
                transport,
                c.path(),
                isTls(transport) ? Tls.read(c, protocol(transport)) : null,
                c.proxy_protocol(),
                c.forwarded_for(),
                new TrustedProxies(list(c.trusted_proxies())),
                new Origins(list(c.allowed_origins())));
    }

    ListenerSettings with(Tls changed) {
        return new ListenerSettings(transport, path, changed, proxied, forwarded, proxies, origins);
    }

    boolean isWebSocket() {
        return isWebSocket(transport);
    }

    static Transport transport(ListenerConfig c) {
        return switch (c.transport()) {
            case "tcp" -> Transport.TCP;
            case "tls" -> Transport.TLS;
            case "ws" -> Transport.WEBSOCKET;
            case "wss" -> Transport.SECURE_WEBSOCKET;
            default ->
                    throw new ListenerException(
                            "transport = " + c.transport() + " (expected: tcp, tls, ws or wss)",
                            null);
        };
    }

    private static boolean isTls(Transport transport) {
        return transport == Transport.TLS || transport == Transport.SECURE_WEBSOCKET;
    }

    static boolean isWebSocket(Transport transport) {
        return transport == Transport.WEBSOCKET || transport == Transport.SECURE_WEBSOCKET;
    }

    /** What TLS clients may ask for by ALPN. */
    static String protocol(Transport transport) {
        return transport == Transport.TLS ? "mqtt" : "http/1.1";
    }

    private static void inRange(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ListenerException(
                    key + " = " + value + " (expected: " + least + ".." + most + ")", null);
        }
    }

    /** The values of a key that takes several: separated by commas, or a list of its own. */
    static List<String> list(String[] values) {
        return Arrays.stream(values)
                .flatMap(each -> Arrays.stream(each.split(",")))
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .toList();
    }
}
