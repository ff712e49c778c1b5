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

    /** The name of the listener that the client connected to. */
    String listener();

    Transport transport();

    /**
     * The identity in the verified client certificate, or null if there is none. The listener's
     * configuration says which part of the certificate is used.
     */
    @Nullable String certificateSubject();

    /** Appends a packet to the outgoing buffer. Ignored after {@link #close}. */
    void send(Packet packet);

    /**
     * Appends a PUBLISH that was encoded once for many subscribers.
     *
     * @param packetId the packet identifier for this client; ignored for QoS 0
     * @param dup whether to set the DUP flag
     */
    void send(PublishImage image, int packetId, boolean dup);

    /**
     * Same as {@link #send(PublishImage, int, boolean)}, with further values for this client: see
     * {@link PublishImage#write(io.netty.buffer.ByteBuf, int, boolean, long, int, boolean, int[])}.
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
     * Whether the client accepts data fast enough. If not, send nothing until {@link
     * ClientConnection#onWritable}.
     */
    boolean isWritable();

    /** Whether a packet has begun to arrive and is not complete. */
    boolean isIncomplete();

    /**
     * How many bytes were sent that the socket has not accepted yet. Any thread; other threads get
     * a value that is a moment old.
     */
    long pendingBytes();

    /**
     * For how long the socket has accepted nothing of what waits, in nanoseconds; 0 if nothing
     * waits. Any thread.
     */
    long stalledNanos();

    /**
     * Stops or resumes reading from the client. Used to slow down a publisher, and to let packets
     * wait that arrive before CONNECT is answered.
     *
     * <p>After {@code setReading(false)} has returned, no packet is passed on, not even one whose
     * bytes were already read. Those packets are kept. They are passed on first when reading
     * resumes, always in a later call and never from within {@code setReading(true)}.
     */
    void setReading(boolean reading);

    /** Closes the Network Connection once everything was written, or after a short time. */
    void close();

    /** Closes the Network Connection at once; what was not written is dropped. Any thread. */
    void abort();
}
