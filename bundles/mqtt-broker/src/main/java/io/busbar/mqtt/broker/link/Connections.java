package io.busbar.mqtt.broker.link;

import io.busbar.api.broker.Rejection;
import io.busbar.api.memory.MemoryAccount;
import java.net.InetSocketAddress;

/** Receives new Network Connections from the transport. A service of the broker. */
public interface Connections {
    /**
     * Takes a new Network Connection. Called on its event loop.
     *
     * @return the broker's side of the connection
     */
    ClientConnection open(ClientLink link);

    /**
     * Records a Network Connection that the transport has refused because of one of its own limits,
     * before anything was known about the client. May be called on any thread.
     *
     * @param cause why it was refused; an MQTT 5 client gets its Reason Code, if it can be told
     */
    void refused(InetSocketAddress address, String listener, Rejection.Cause cause);

    /** The largest accepted packet, in bytes, including the fixed header. */
    int maxPacketSizeBytes();

    /** The largest accepted CONNECT, in bytes. */
    int maxConnectSizeBytes();

    /** Most User Properties in one packet. */
    int maxUserProperties();

    /**
     * Where links count what they have sent and sockets have not accepted, {@link
     * ClientLink#pendingBytes}.
     */
    MemoryAccount backlogs();

    /** How long a new connection may take until its CONNECT is complete, in milliseconds. */
    int connectTimeoutMillis();
}
