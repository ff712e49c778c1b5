package io.busbar.mqtt.broker.limit;

import io.busbar.mqtt.broker.config.BrokerConfig;

/**
 * Bounds of what is published.
 *
 * @param receiveMaximum unacknowledged QoS 1 and 2 messages taken of one client; more is answered
 *     0x93
 * @param rate how fast one client may publish
 * @param interceptorTimeoutMillis how long an interceptor may take until it counts as one that
 *     hangs
 */
public record PublishLimits(int receiveMaximum, PublishRate rate, int interceptorTimeoutMillis) {

    public PublishLimits {
        Bounds.check("receive.maximum", receiveMaximum, 1, 65_535);
        Bounds.check("interceptor.timeout.ms", interceptorTimeoutMillis, 250, 60_000);
    }

    /** The limits of a configuration. */
    static PublishLimits of(BrokerConfig config) {
        return new PublishLimits(
                config.receive_maximum(), PublishRate.of(config), config.interceptor_timeout_ms());
    }
}
