package io.busbar.api.mqtt;

import java.util.Objects;

/**
 * An Application Message as it passes through the server. It may be kept, queued and handed to any
 * thread. Immutable: the payload is a plain array that is shared by everybody who has the message,
 * so nobody may modify it.
 */
public final class Message {
    private static final byte[] EMPTY = new byte[0];

    private final TopicName topic;
    private final byte[] payload;
    private final Qos qos;
    private final boolean retain;
    private final MessageProperties properties;
    private final Publisher publisher;
    private final long receivedAt;

    /** Counted when it is asked for, or 0: properties may be long, and many ask. */
    private int sizeBytes;

    /**
     * Creates a message.
     *
     * @param payload the payload; the caller must not modify the array afterwards
     * @param qos the QoS it was published with
     * @param retain whether the publisher asked to retain it
     * @param publisher who sent it
     * @param receivedAt when the server received it, in milliseconds since the epoch
     */
    public Message(
            TopicName topic,
            byte[] payload,
            Qos qos,
            boolean retain,
            MessageProperties properties,
            Publisher publisher,
            long receivedAt) {
        this.topic = Objects.requireNonNull(topic, "topic");
        this.payload = payload.length == 0 ? EMPTY : payload;
        this.qos = Objects.requireNonNull(qos, "qos");
        this.retain = retain;
        this.properties = Objects.requireNonNull(properties, "properties");
        this.publisher = Objects.requireNonNull(publisher, "publisher");
        this.receivedAt = receivedAt;
    }

    public TopicName topic() {
        return topic;
    }

    /** The payload. The array is shared and must not be modified. */
    public byte[] payload() {
        return payload;
    }

    /** The QoS it was published with. */
    public Qos qos() {
        return qos;
    }

    /** Whether the publisher asked to retain it. */
    public boolean retain() {
        return retain;
    }

    public MessageProperties properties() {
        return properties;
    }

    public Publisher publisher() {
        return publisher;
    }

    /** When the server received it, in milliseconds since the epoch. */
    public long receivedAt() {
        return receivedAt;
    }

    /**
     * When the message expires, in milliseconds since the epoch; {@link Long#MAX_VALUE} if it never
     * does.
     */
    public long expiresAt() {
        return properties.expires()
                ? receivedAt + properties.messageExpirySeconds() * 1000
                : Long.MAX_VALUE;
    }

    /**
     * Bytes of topic, payload and properties: what a message counts for in limits of queues and in
     * stores, whatever else it takes in memory or on disk.
     */
    public int sizeBytes() {
        int known = sizeBytes;
        if (known == 0) {
            known = topic.utf8().length + payload.length + properties.sizeBytes();
            sizeBytes = known; // the same whoever counts
        }
        return known;
    }

    @Override
    public String toString() {
        return "Message[topic="
                + topic
                + ", bytes="
                + payload.length
                + ", qos="
                + qos.value()
                + ", retain="
                + retain
                + "]";
    }
}
