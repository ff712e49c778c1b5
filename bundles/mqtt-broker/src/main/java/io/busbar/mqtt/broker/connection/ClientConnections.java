package io.busbar.mqtt.broker.connection;

import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.limit.Limits;
import io.busbar.mqtt.broker.link.ClientConnection;
import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.broker.link.Connections;
import java.net.InetSocketAddress;

/** Makes a connection of every link. Thread-safe. */
public final class ClientConnections implements Connections {
    private final Services services;

    /** Makes the door of a broker. */
    public ClientConnections(Services services) {
        this.services = services;
    }

    @Override
    public ClientConnection open(ClientLink link) {
        return new Connection(services, link);
    }

    @Override
    public void refused(InetSocketAddress address, String listener, ReasonCode reason) {
        boolean tooFast = reason == ReasonCode.CONNECTION_RATE_EXCEEDED;
        services.traffic().refuse();
        services.reject(
                Rejection.Kind.CONNECT,
                tooFast ? Rejection.Cause.CONNECT_RATE : Rejection.Cause.LISTENER_FULL,
                "",
                null,
                null,
                Connection.text(address),
                listener,
                null,
                null,
                tooFast
                        ? "more connections per second than the listener allows"
                        : "more connections at a time than allowed at the listener, from one"
                                + " address or together");
    }

    private Limits limits() {
        return services.limits();
    }

    @Override
    public int maxPacketSizeBytes() {
        return limits().maxPacketSizeBytes();
    }

    @Override
    public int maxConnectSizeBytes() {
        return limits().maxConnectSizeBytes();
    }

    @Override
    public int maxUserProperties() {
        return limits().maxUserProperties();
    }

    @Override
    public int connectTimeoutMillis() {
        return limits().connectTimeoutMillis();
    }
}
