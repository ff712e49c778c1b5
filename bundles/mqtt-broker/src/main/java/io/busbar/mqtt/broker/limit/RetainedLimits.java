package io.busbar.mqtt.broker.limit;

import io.busbar.mqtt.broker.config.BrokerConfig;

/**
 * Bounds of all Retained Messages.
 *
 * @param maxMessages Retained Messages; more are not retained and answered 0x97
 * @param maxBytes their payload bytes
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
