package io.busbar.mqtt.transport.listener;

import static io.busbar.mqtt.transport.config.ConfigValues.inRange;
import static io.busbar.mqtt.transport.config.ConfigValues.list;
import static io.busbar.mqtt.transport.config.ConfigValues.paths;

import io.busbar.api.broker.Transport;
import io.busbar.mqtt.transport.admission.AdmissionLimits;
import io.busbar.mqtt.transport.config.ConfigException;
import io.busbar.mqtt.transport.connection.ConnectionSettings;
import io.busbar.mqtt.transport.proxy.TrustedProxies;
import io.busbar.mqtt.transport.tls.ClientIdentity;
import io.busbar.mqtt.transport.tls.Tls;
import io.busbar.mqtt.transport.tls.TlsSettings;
import io.busbar.mqtt.transport.websocket.Origins;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@link ListenerConfig} of one listener, checked and read, with the files that it names.
 *
 * @param address what it binds
 * @param limits who gets in
 * @param connections what each connection has to know
 * @param proxies whom to believe where a connection comes from
 * @param forwarded whether {@code X-Forwarded-For} of those proxies counts
 * @param path where MQTT is, of WebSocket listeners
 * @param origins which web pages may connect
 * @param tls of TLS listeners, else null
 */
record ListenerSettings(
        ListenAddress address,
        AdmissionLimits limits,
        ConnectionSettings connections,
        TrustedProxies proxies,
        boolean forwarded,
        String path,
        Origins origins,
        @Nullable Tls tls) {
    private static final int MIN_SEND_BUFFER_BYTES = 4 << 10;

    /** A host name, or an IP address, which has more than one colon if it is one of IPv6. */
    private static final Pattern HOST =
            Pattern.compile(
                    "[\\p{L}\\p{N}]([\\p{L}\\p{N}._-]*[\\p{L}\\p{N}])?"
                            + "|\\[?[0-9a-fA-F]*:[0-9a-fA-F.]*:[0-9a-fA-F:.]*(%[\\w.-]+)?]?");

    /**
     * Checks and reads a configuration, files included.
     *
     * @throws ConfigException if something is wrong; the message says what and what is expected
     */
    static ListenerSettings of(ListenerConfig c) {
        Transport transport = transport(c);
        inRange("certificate.poll.seconds", c.certificate_poll_seconds(), 1, 3_600);
        if (transport.isWebSocket() && !c.path().startsWith("/")) {
            throw new ConfigException("path = " + c.path() + " (expected: begins with /)", null);
        }
        if (c.proxy_protocol() && c.forwarded_for()) {
            throw new ConfigException(
                    "proxy.protocol and forwarded.for are both on (expected: one of them)", null);
        }
        inRange("advertised.port", c.advertised_port(), 0, 65_535);
        if (!c.advertised_host().isEmpty() && !HOST.matcher(c.advertised_host()).matches()) {
            throw new ConfigException(
                    "advertised.host = "
                            + c.advertised_host()
                            + " (expected: a host name or an IP address, without scheme and port)",
                    null);
        }
        return new ListenerSettings(
                UnixSocket.isNamedBy(c.host()) ? UnixSocket.of(c) : TcpAddress.of(c),
                limits(c),
                new ConnectionSettings(
                        name(c),
                        transport,
                        c.proxy_protocol(),
                        transport.isSecure() ? ClientIdentity.of(c.client_identity()) : null,
                        Math.max(MIN_SEND_BUFFER_BYTES, c.send_buffer_bytes())),
                new TrustedProxies(list(c.trusted_proxies())),
                c.forwarded_for(),
                c.path(),
                new Origins(list(c.allowed_origins())),
                transport.isSecure() ? Tls.read(tls(c, transport)) : null);
    }

    /** The same with certificates that were read again. */
    ListenerSettings with(Tls changed) {
        return new ListenerSettings(
                address, limits, connections, proxies, forwarded, path, origins, changed);
    }

    static String name(ListenerConfig c) {
        return c.name().isEmpty() ? c.transport() : c.name();
    }

    static Transport transport(ListenerConfig c) {
        return switch (c.transport()) {
            case "tcp" -> Transport.TCP;
            case "tls" -> Transport.TLS;
            case "ws" -> Transport.WEBSOCKET;
            case "wss" -> Transport.SECURE_WEBSOCKET;
            default ->
                    throw new ConfigException(
                            "transport = " + c.transport() + " (expected: tcp, tls, ws or wss)",
                            null);
        };
    }

    private static AdmissionLimits limits(ListenerConfig c) {
        inRange("max.connections", c.max_connections(), 0, Integer.MAX_VALUE);
        inRange(
                "max.connections.per.address",
                c.max_connections_per_address(),
                0,
                Integer.MAX_VALUE);
        inRange("max.connects.per.second", c.max_connects_per_second(), 0, 1_000_000);
        return new AdmissionLimits(
                c.max_connections(), c.max_connections_per_address(), c.max_connects_per_second());
    }

    private static TlsSettings tls(ListenerConfig c, Transport transport) {
        return new TlsSettings(
                transport.isWebSocket() ? "http/1.1" : "mqtt",
                paths(c.certificate()),
                paths(c.key()),
                c.key_password(),
                TlsSettings.clients(c.client_certificates()),
                paths(c.client_authorities()),
                paths(c.client_revocations()));
    }
}
