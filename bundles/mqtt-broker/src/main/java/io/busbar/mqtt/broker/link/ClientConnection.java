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
    /**
     * Bytes were received from the client. Called before {@link #onPacket} for the packets in them.
     */
    void onReceived(int bytes);

    /** Bytes were sent to the client. */
    void onSent(int bytes);

    /** A packet was received. */
    void onPacket(Packet packet);

    /**
     * Everything that could be read in this turn was passed on. What was collected is now
     * committed.
     */
    void onReadComplete();

    /**
     * Everything that could be read was passed on, and a packet has begun that is not complete yet.
     * Called once for each such packet.
     */
    void onIncomplete();

    /** The client accepts data again, after {@link ClientLink#isWritable} was false. */
    void onWritable();

    /**
     * The received bytes are not a packet, or not one that is allowed. The connection tells the
     * client, as far as its version permits, and closes the link.
     *
     * @param version the version in CONNECT, even if the rest of CONNECT was wrong; null if it is
     *     not known
     */
    void onMalformed(@Nullable ProtocolVersion version, ReasonCode reason, String detail);

    /**
     * The Network Connection is closed. Called exactly once, as the last call.
     *
     * @param cause the error that closed it, or null
     */
    void onClosed(@Nullable Throwable cause);

    /** Ends the connection for the server: tells the client the reason and closes the link. */
    void disconnect(ReasonCode reason);
}
