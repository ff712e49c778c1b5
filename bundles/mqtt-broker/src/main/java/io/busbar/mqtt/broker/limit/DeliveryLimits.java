package io.busbar.mqtt.broker.limit;

import io.busbar.mqtt.broker.config.BrokerConfig;

/**
 * Limits of what waits for one subscriber.
 *
 * @param maxInflight most unacknowledged QoS 1 and 2 messages sent to one client
 * @param maxQueuedMessages most QoS 1 and 2 messages that wait in memory for one session
 * @param maxQueuedBytes most bytes of memory that they take
 * @param dropOldest whether a full queue drops its oldest message that was not sent yet; otherwise
 *     the newest is dropped
 * @param maxBacklogBytes how many bytes may wait to be sent to a slow client before QoS 0 messages
 *     for it are dropped
 * @param holdMillis how long a slow subscriber may slow down those who publish to it
 * @param consumerQueue most messages that wait for one consumer inside the server
 * @param stored limits of what waits in a store on a disk instead
 */
public record DeliveryLimits(
        int maxInflight,
        int maxQueuedMessages,
        long maxQueuedBytes,
        boolean dropOldest,
        long maxBacklogBytes,
        int holdMillis,
        int consumerQueue,
        StoredLimits stored) {

    public DeliveryLimits {
        Bounds.check("max.inflight", maxInflight, 1, 65_535);
        Bounds.check("max.queued.messages", maxQueuedMessages, 1, Integer.MAX_VALUE);
        Bounds.check("max.queued.bytes", maxQueuedBytes, 1, Long.MAX_VALUE);
        Bounds.check("max.backlog.bytes", maxBacklogBytes, 0, Long.MAX_VALUE);
        Bounds.check("hold.ms", holdMillis, 0, 60_000);
        Bounds.check("consumer.queue", consumerQueue, 16, 1 << 24);
    }

    /** The limits of a configuration. */
    static DeliveryLimits of(BrokerConfig config) {
        return new DeliveryLimits(
                config.max_inflight(),
                config.max_queued_messages(),
                config.max_queued_bytes(),
                config.drop_oldest(),
                config.max_backlog_bytes(),
                config.hold_ms(),
                config.consumer_queue(),
                StoredLimits.of(config));
    }
}
