package io.busbar.mqtt.broker.link;

import io.busbar.api.broker.Transport;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PublishImage;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The transport's side of one Network Connection: the broker sends packets through it. Confined to
 * {@link #loop}, except for the getters. What is sent is appended to the connection's outgoing
 * buffer. The link writes and flushes this buffer once per turn of the event loop.
 */
public interface ClientLink {
    EventLoop loop();

    InetSocketAddress remoteAddress();

    /** Name of the listener. */
    String listener();

    Transport transport();

    /** Who the verified client certificate says the client is, or null; see the listener. */
    @Nullable String certificateSubject();

    /** Appends a packet. After {@link #close} it is ignored. */
    void send(Packet packet);

    /**
     * Appends a PUBLISH that was encoded once for many.
     *
     * @param packetId the identifier to put in; ignored for QoS 0
     * @param dup whether to set the DUP flag
     */
    void send(PublishImage image, int packetId, boolean dup);

    /**
     * As {@link #send(PublishImage, int, boolean)}, with what only this client gets: see {@link
     * PublishImage#write(io.netty.buffer.ByteBuf, int, boolean, long, int, boolean, int[])}.
     */
    void send(
            PublishImage image,
            int packetId,
            boolean dup,
            long expirySeconds,
            int topicAlias,
            boolean topicKnown,
            int[] subscriptionIdentifiers);

    /**
     * Whether the client takes what it is sent; if not, hold back until {@link
     * ClientConnection#onWritable}.
     */
    boolean isWritable();

    /** Whether a packet has begun to arrive and is not complete. */
    boolean isIncomplete();

    /** Bytes that were sent and that the socket has not taken yet. */
    long pendingBytes();

    /**
     * Stops or resumes reading from the client: back-pressure on a publisher, and how packets wait
     * that came before the answer to CONNECT. From the return of {@code setReading(false)} on no
     * packet is handed over, not even one whose bytes were read already: those are kept and handed
     * over first when reading resumes, in a later call and never from within {@code
     * setReading(true)}.
     */
    void setReading(boolean reading);

    /** Closes the Network Connection after what was sent is written, or after a short while. */
    void close();
}
