package io.busbar.mqtt.broker.limit;

import io.busbar.api.mqtt.Message;
import io.busbar.mqtt.broker.config.BrokerConfig;
import org.jspecify.annotations.Nullable;

/**
 * All limits of the broker. 0 means "no limit" only where the description says so.
 *
 * @param packets limits of a packet
 * @param connects limits of clients that connect
 * @param sessions limits of sessions
 * @param topics limits of topics and topic filters
 * @param publishes limits of clients that publish
 * @param deliveries limits of what waits for one subscriber
 * @param retained limits of all Retained Messages
 * @param providers limits of what other bundles implement
 */
public record BrokerLimits(
        PacketLimits packets,
        ConnectLimits connects,
        SessionLimits sessions,
        TopicLimits topics,
        PublishLimits publishes,
        DeliveryLimits deliveries,
        RetainedLimits retained,
        ProviderLimits providers) {

    /**
     * The limits of a configuration.
     *
     * @throws IllegalArgumentException if a value is out of its bounds; names the key
     */
    public static BrokerLimits of(BrokerConfig config) {
        return new BrokerLimits(
                PacketLimits.of(config),
                ConnectLimits.of(config),
                SessionLimits.of(config),
                TopicLimits.of(config),
                PublishLimits.of(config),
                DeliveryLimits.of(config),
                RetainedLimits.of(config),
                ProviderLimits.of(config));
    }

    /** Why no client could publish a message, whatever its rights are; null if one could. */
    public @Nullable String problemOf(Message message) {
        if (topics.tooDeep(message.topic())) {
            return "more than " + topics.maxLevels() + " topic levels";
        }
        return message.sizeBytes() > packets.maxSizeBytes()
                ? "more than " + packets.maxSizeBytes() + " bytes"
                : null;
    }
}
