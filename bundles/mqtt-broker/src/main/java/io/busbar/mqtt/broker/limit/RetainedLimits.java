package io.busbar.mqtt.broker.limit;

import io.busbar.mqtt.broker.config.BrokerConfig;

/**
 * Limits of all Retained Messages together.
 *
 * @param maxMessages most Retained Messages; further ones are not retained and answered with 0x97
 * @param maxBytes most payload bytes of all of them
 * @param writeMillis how long one of QoS 0 may wait to be written to a store on a disk
 * @param writeBytes how many bytes of memory those may take that wait
 * @param cacheBytes how many bytes of memory those may take that were written or asked for lately
 */
public record RetainedLimits(
        int maxMessages, long maxBytes, int writeMillis, long writeBytes, long cacheBytes) {

    public RetainedLimits {
        Bounds.check("max.retained.messages", maxMessages, 0, Integer.MAX_VALUE);
        Bounds.check("max.retained.bytes", maxBytes, 0, Long.MAX_VALUE);
        Bounds.check("retained.write.ms", writeMillis, 100, 500);
        Bounds.check("retained.write.bytes", writeBytes, 65_536, 1L << 30);
        Bounds.check("retained.cache.bytes", cacheBytes, 0, 1L << 30);
    }

    /** The limits of a configuration. */
    static RetainedLimits of(BrokerConfig config) {
        return new RetainedLimits(
                config.max_retained_messages(),
                config.max_retained_bytes(),
                config.retained_write_ms(),
                config.retained_write_bytes(),
                config.retained_cache_bytes());
    }
}
