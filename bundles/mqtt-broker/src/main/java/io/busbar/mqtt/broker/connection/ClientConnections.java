package io.busbar.mqtt.broker.connection;

import io.busbar.mqtt.broker.limit.Limits;
import io.busbar.mqtt.broker.link.ClientConnection;
import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.broker.link.Connections;

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
