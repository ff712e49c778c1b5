package io.busbar.mqtt.broker.limit;

import io.busbar.mqtt.broker.config.BrokerConfig;

/**
 * Bounds of a packet.
 *
 * @param maxSizeBytes largest packet taken, told in CONNACK; more is answered 0x95
 * @param maxConnectSizeBytes largest CONNECT
 * @param maxUserProperties most User Properties in one packet
 * @param timeoutMillis time for a packet that has begun to arrive completely; 0 = no limit
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
