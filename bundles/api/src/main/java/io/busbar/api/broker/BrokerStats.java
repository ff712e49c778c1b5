package io.busbar.api.broker;

import java.util.Map;

/**
 * Counters since the start of the broker, and gauges of the moment; read one after the other, so a
 * snapshot is not exact to the message.
 *
 * @param messagesReceived packets of all kinds from clients
 * @param publishReceived PUBLISH packets from clients
 * @param drops messages that were not delivered to a subscriber, by cause
 * @param publishDenied messages that their publisher had no right to send
 * @param throttled how often a client was slowed down because it published faster than it may
 * @param conflated messages that an in-process consumer was spared because it could not keep up
 */
public record BrokerStats(
        long connectionsOnline,
        long connectionsMaximum,
        long connectionsAccepted,
        long connectionsRefused,
        long sessions,
        long sessionsOffline,
        long sessionsExpired,
        long subscriptions,
        long sharedSubscriptions,
        long retained,
        long queued,
        long inflight,
        long messagesReceived,
        long messagesSent,
        long publishReceived,
        long publishSent,
        Map<DropCause, Long> drops,
        long publishDenied,
        long throttled,
        long publishBytesReceived,
        long publishBytesSent,
        long bytesReceived,
        long bytesSent,
        long conflated) {

    public BrokerStats {
        drops = Map.copyOf(drops);
    }

    /** Messages that were not delivered to a subscriber. */
    public long publishDropped() {
        return drops.values().stream().mapToLong(Long::longValue).sum();
    }
}
