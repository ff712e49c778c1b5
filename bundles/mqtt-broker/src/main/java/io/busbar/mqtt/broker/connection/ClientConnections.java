package io.busbar.mqtt.broker.connection;

import io.busbar.api.broker.Rejection;
import io.busbar.api.broker.Who;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.mqtt.broker.limit.BrokerLimits;
import io.busbar.mqtt.broker.link.ClientConnection;
import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.broker.link.Connections;
import java.net.InetSocketAddress;

/** Creates the broker's side of every new Network Connection. Thread-safe. */
public final class ClientConnections implements Connections {
    private final BrokerParts broker;

    /** Makes the door of a broker. */
    public ClientConnections(BrokerParts broker) {
        this.broker = broker;
    }

    @Override
    public ClientConnection open(ClientLink link) {
        return new PacketDispatcher(broker, link);
    }

    @Override
    public void refused(InetSocketAddress address, String listener, Rejection.Cause cause) {
        broker.connectCounts().refuse();
        broker.rejections()
                .add(
                        Rejection.Kind.CONNECT,
                        cause,
                        Who.at(address, listener),
                        Rejection.What.of(
                                switch (cause) {
                                    case CONNECT_RATE ->
                                            "more connections per second than the listener allows";
                                    case CONNECT_TIMEOUT ->
                                            "no CONNECT within "
                                                    + limits().connects().timeoutMillis()
                                                    + " ms";
                                    case MEMORY_FULL ->
                                            "no memory for more connections; those of this"
                                                    + " address are many";
                                    default ->
                                            "more connections at a time than allowed at the"
                                                    + " listener, from one address or together";
                                }));
    }

    private BrokerLimits limits() {
        return broker.limits();
    }

    @Override
    public int maxPacketSizeBytes() {
        return limits().packets().maxSizeBytes();
    }

    @Override
    public int maxConnectSizeBytes() {
        return limits().packets().maxConnectSizeBytes();
    }

    @Override
    public int maxUserProperties() {
        return limits().packets().maxUserProperties();
    }

    @Override
    public MemoryAccount backlogs() {
        return broker.loops().home().memory().backlogs();
    }

    @Override
    public int connectTimeoutMillis() {
        return limits().connects().timeoutMillis();
    }
}
