package io.busbar.mqtt.broker.link;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.codec.Packet;
import org.jspecify.annotations.Nullable;

/**
 * The broker's side of one Network Connection: the transport passes packets and events to it. All
 * methods are called on the link's event loop.
 */
public interface ClientConnection {
    /** Bytes came from the client; told before the packets in them. */
    void onReceived(int bytes);

    /** Bytes went to the client. */
    void onSent(int bytes);

    /** A packet came. */
    void onPacket(Packet packet);

    /** All that could be read in this turn was handed over: what was gathered is committed now. */
    void onReadComplete();

    /**
     * All that could be read was handed over, and a packet has begun that is not complete. Called
     * once for each such packet.
     */
    void onIncomplete();

    /** The client takes data again. */
    void onWritable();

    /**
     * What came was no packet, or none that is allowed: the client is told as its version permits,
     * and the link closed.
     *
     * @param version what CONNECT named, even if it was wrong from there on; else null
     */
    void onMalformed(@Nullable ProtocolVersion version, ReasonCode reason, String detail);

    /** The Network Connection is gone; called exactly once, the last call. */
    void onClosed(@Nullable Throwable cause);

    /** The server ends the connection: says so to the client and closes the link. */
    void disconnect(ReasonCode reason);
}
