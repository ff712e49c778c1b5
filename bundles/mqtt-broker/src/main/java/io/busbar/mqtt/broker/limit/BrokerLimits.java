package io.busbar.mqtt.broker.limit;

import io.busbar.mqtt.broker.config.BrokerConfig;

/**
 * Every bound of the broker. 0 means "no limit" only where it is said.
 *
 * @param packets of a packet
 * @param connects of clients that connect
 * @param sessions of sessions
 * @param topics of topics and filters
 * @param publishes of what is published
 * @param deliveries of what waits for one subscriber
 * @param retained of all Retained Messages
 */
public record BrokerLimits(
        PacketLimits packets,
        ConnectLimits connects,
        SessionLimits sessions,
        TopicLimits topics,
        PublishLimits publishes,
        DeliveryLimits deliveries,
        RetainedLimits retained) {

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
                RetainedLimits.of(config));
    }
}
