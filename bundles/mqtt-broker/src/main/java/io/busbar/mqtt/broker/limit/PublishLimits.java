package io.busbar.mqtt.broker.limit;

import io.busbar.mqtt.broker.config.BrokerConfig;

/**
 * Limits of clients that publish.
 *
 * @param receiveMaximum most unacknowledged QoS 1 and 2 messages accepted from one client; more are
 *     refused with 0x93
 * @param rate how fast one client may publish
 * @param interceptorTimeoutMillis how long a call of an interceptor may take before it counts as
 *     hanging
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
