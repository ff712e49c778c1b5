package io.busbar.mqtt.broker.limit;

import io.busbar.mqtt.broker.config.BrokerConfig;

/**
 * Limits of all Retained Messages together.
 *
 * @param maxMessages most Retained Messages; further ones are not retained and answered with 0x97
 * @param maxBytes most payload bytes of all of them
 */
public record RetainedLimits(int maxMessages, long maxBytes) {

    public RetainedLimits {
        Bounds.check("max.retained.messages", maxMessages, 0, Integer.MAX_VALUE);
        Bounds.check("max.retained.bytes", maxBytes, 0, Long.MAX_VALUE);
    }

    /** The limits of a configuration. */
    static RetainedLimits of(BrokerConfig config) {
        return new RetainedLimits(config.max_retained_messages(), config.max_retained_bytes());
    }
}
