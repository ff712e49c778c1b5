package io.busbar.mqtt.broker.link;

/** Where the transport hands new Network Connections in. A service of the broker. */
public interface Connections {
    /** Takes a new Network Connection; called on its loop. */
    ClientConnection open(ClientLink link);

    /** The largest packet that is accepted, in bytes, fixed header included. */
    int maxPacketSizeBytes();

    /** The largest CONNECT that is accepted, in bytes. */
    int maxConnectSizeBytes();

    /** The most User Properties that are accepted in one packet. */
    int maxUserProperties();

    /** How long a new connection may take until its CONNECT is complete. */
    int connectTimeoutMillis();
}
