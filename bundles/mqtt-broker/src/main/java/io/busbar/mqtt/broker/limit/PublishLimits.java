package io.busbar.mqtt.broker.limit;

import io.busbar.mqtt.broker.config.BrokerConfig;

/**
 * Bounds of what one client publishes.
 *
 * @param receiveMaximum unacknowledged QoS 1 and 2 messages taken of one client; more is answered
 *     0x93
 * @param rate how fast one client may publish
 */
public record PublishLimits(int receiveMaximum, PublishRate rate) {

    public PublishLimits {
        Bounds.check("receive.maximum", receiveMaximum, 1, 65_535);
    }

    /** The limits of a configuration. */
    static PublishLimits of(BrokerConfig config) {
        return new PublishLimits(config.receive_maximum(), PublishRate.of(config));
    }
}
