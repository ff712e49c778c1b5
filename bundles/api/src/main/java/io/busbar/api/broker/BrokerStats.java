package io.busbar.api.broker;

/**
 * Counters since the start of the broker, and gauges of the moment; read one after the other, so a
 * snapshot is not exact to the message.
 *
 * @param messagesReceived packets of all kinds from clients
 * @param publishReceived PUBLISH packets from clients
 * @param publishDropped messages that were not delivered to a subscriber: queue full, too large,
 *     expired, not writable at QoS 0
 * @param publishDenied messages that their publisher had no right to send
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
        long publishDropped,
        long publishDenied,
        long publishBytesReceived,
        long publishBytesSent,
        long bytesReceived,
        long bytesSent,
        long conflated) {}
