package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * PUBLISH: an Application Message between client and server, MQTT 5.0 section 3.3. The server uses
 * this record for messages that it receives, and {@link PublishImage} for messages that it sends. A
 * client in a test sends this record.
 *
 * @param packetId 1 to 65,535, or 0 with QoS 0
 * @param topic null if only a topic alias was sent
 * @param topicAlias 1 to 65,535, or 0 if absent
 * @param subscriptionIdentifiers only from server to client, in the order sent; empty if absent
 * @param payload an ordinary array, not a reference-counted buffer
 */
public record Publish(
        boolean dup,
        Qos qos,
        boolean retain,
        int packetId,
        @Nullable TopicName topic,
        int topicAlias,
        MessageProperties properties,
        int[] subscriptionIdentifiers,
        byte[] payload)
        implements Packet {

    static final int[] NO_IDENTIFIERS = {};

    public Publish {
        Objects.requireNonNull(qos, "qos");
        Objects.requireNonNull(properties, "properties");
        Objects.requireNonNull(subscriptionIdentifiers, "subscriptionIdentifiers");
        Objects.requireNonNull(payload, "payload");
        if (topic == null && topicAlias == 0) {
            throw new IllegalArgumentException("topic: none (expected: a topic or an alias)");
        }
    }

    /** A first-time message without alias, properties and subscription identifiers. */
    public static Publish of(
            TopicName topic, byte[] payload, Qos qos, boolean retain, int packetId) {
        return new Publish(
                false,
                qos,
                retain,
                packetId,
                topic,
                0,
                MessageProperties.NONE,
                NO_IDENTIFIERS,
                payload);
    }

    @Override
    public PacketType type() {
        return PacketType.PUBLISH;
    }

    /** Without the payload's bytes: fit for a log. */
    @Override
    public String toString() {
        return "Publish[topic="
                + topic
                + ", topicAlias="
                + topicAlias
                + ", bytes="
                + payload.length
                + ", qos="
                + qos.value()
                + ", packetId="
                + packetId
                + ", retain="
                + retain
                + ", dup="
                + dup
                + "]";
    }
}
