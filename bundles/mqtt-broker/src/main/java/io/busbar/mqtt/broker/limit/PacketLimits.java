package io.busbar.mqtt.broker.limit;

import io.busbar.mqtt.broker.config.BrokerConfig;

/**
 * Limits of a packet.
 *
 * @param maxSizeBytes largest accepted packet, announced in CONNACK; larger ones are refused with
 *     0x95
 * @param maxConnectSizeBytes largest accepted CONNECT
 * @param maxUserProperties most User Properties in one packet
 * @param timeoutMillis how long a packet may take to arrive completely once it has begun; 0 = no
 *     limit
 */
public record PacketLimits(
        int maxSizeBytes, int maxConnectSizeBytes, int maxUserProperties, int timeoutMillis) {

    public PacketLimits {
        Bounds.check("max.packet.size", maxSizeBytes, 1024, 268_435_460);
        Bounds.check("max.connect.size", maxConnectSizeBytes, 1024, 268_435_460);
        Bounds.check("max.user.properties", maxUserProperties, 0, Integer.MAX_VALUE);
        Bounds.check("packet.timeout.ms", timeoutMillis, 0, 86_400_000);
    }

    /** The limits of a configuration. */
    static PacketLimits of(BrokerConfig config) {
        return new PacketLimits(
                config.max_packet_size(),
                config.max_connect_size(),
                config.max_user_properties(),
                config.packet_timeout_ms());
    }
}
