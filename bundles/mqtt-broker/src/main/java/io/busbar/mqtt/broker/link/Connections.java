package io.busbar.mqtt.broker.link;

import io.busbar.api.broker.Rejection;
import java.net.InetSocketAddress;

/** Receives new Network Connections from the transport. A service of the broker. */
public interface Connections {
    /** Takes a new Network Connection; called on its loop. */
    ClientConnection open(ClientLink link);

    /**
     * Counts and lists a Network Connection that the transport refused by a limit of its own,
     * before anything was known of the client. Any thread.
     *
     * @param cause why; an MQTT 5 client is told its Reason Code, if it is told anything
     */
    void refused(InetSocketAddress address, String listener, Rejection.Cause cause);

    /** The largest packet that is accepted, in bytes, fixed header included. */
    int maxPacketSizeBytes();

    /** The largest CONNECT that is accepted, in bytes. */
    int maxConnectSizeBytes();

    /** The most User Properties that are accepted in one packet. */
    int maxUserProperties();

    /** How long a new connection may take until its CONNECT is complete. */
    int connectTimeoutMillis();
}
