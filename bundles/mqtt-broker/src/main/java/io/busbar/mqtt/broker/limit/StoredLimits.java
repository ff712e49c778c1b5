package io.busbar.mqtt.broker.limit;

import io.busbar.mqtt.broker.config.BrokerConfig;

/**
 * Limits of what waits in a store on a disk for one session, and of the part of it that is in
 * memory.
 *
 * @param maxMessages most QoS 1 and 2 messages that wait for one session
 * @param maxBytes most bytes of them: {@link io.busbar.api.mqtt.Message#sizeBytes}
 * @param windowMessages how many of the next ones are in memory while the client is connected
 * @param windowBytes how many bytes of the next ones
 */
public record StoredLimits(int maxMessages, long maxBytes, int windowMessages, long windowBytes) {

    public StoredLimits {
        Bounds.check("max.stored.messages", maxMessages, 1, Integer.MAX_VALUE);
        Bounds.check("max.stored.bytes", maxBytes, 1, Long.MAX_VALUE);
        Bounds.check("window.messages", windowMessages, 1, 1 << 20);
        Bounds.check("window.bytes", windowBytes, 1, 1L << 30);
    }

    /** The limits of a configuration. */
    static StoredLimits of(BrokerConfig config) {
        return new StoredLimits(
                config.max_stored_messages(),
                config.max_stored_bytes(),
                config.window_messages(),
                config.window_bytes());
    }
}
