package io.busbar.mqtt.broker.limit;

import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;

/**
 * Every bound of the broker. 0 means "no limit" only where it is said. See the component's
 * configuration for defaults.
 *
 * @param maxPacketSizeBytes largest packet taken, told in CONNACK; more is answered 0x95
 * @param maxConnectSizeBytes largest CONNECT
 * @param maxUserProperties most User Properties in one packet
 * @param connectTimeoutMillis time for CONNECT to arrive
 * @param authenticationTimeoutMillis time for an authenticator to answer
 * @param maxKeepAliveSeconds longest keep alive; a client asking for more, or for none, is told
 *     this one; 0 = no limit
 * @param maxSessionExpirySeconds longest Session Expiry Interval; 4,294,967,295 = no limit
 * @param maxSessions sessions, connected or not; more are refused 0x97
 * @param connectsPerSecond connects taken per second; more are refused 0x9F; 0 = no limit
 * @param maxClientIdLength longest Client Identifier in characters; longer ones are refused 0x85
 * @param receiveMaximum unacknowledged QoS 1 and 2 messages taken of one client; more is answered
 *     0x93
 * @param maxInflight unacknowledged QoS 1 and 2 messages sent to one client
 * @param topicAliasMaximum topic aliases a client may use, and the most used towards one; 0 = none
 * @param maxQueuedMessages QoS 1 and 2 messages that wait for one session
 * @param maxQueuedBytes payload bytes that wait for one session
 * @param dropOldest whether a full queue drops its oldest message that was not sent, rather than
 *     the newest
 * @param maxBacklogBytes bytes sent to a slow client and not taken by it, beyond which QoS 0 is
 *     dropped
 * @param holdMillis how long a slow subscriber may slow down those who publish to it
 * @param maxSubscriptions subscriptions of one session; more are answered 0x97
 * @param maxTopicLevels levels of a topic or filter; more are answered 0x90 and 0x8F
 * @param maxRetainedMessages Retained Messages; more are not retained and answered 0x97
 * @param maxRetainedBytes their payload bytes
 * @param consumerQueue messages that wait for one in-process consumer
 * @param packetTimeoutMillis time for a packet that has begun to arrive completely; 0 = no limit
 * @param publishRate how fast one client may publish
 */
public record Limits(
        int maxPacketSizeBytes,
        int maxConnectSizeBytes,
        int maxUserProperties,
        int connectTimeoutMillis,
        int authenticationTimeoutMillis,
        int maxKeepAliveSeconds,
        long maxSessionExpirySeconds,
        int maxSessions,
        int connectsPerSecond,
        int maxClientIdLength,
        int receiveMaximum,
        int maxInflight,
        int topicAliasMaximum,
        int maxQueuedMessages,
        long maxQueuedBytes,
        boolean dropOldest,
        long maxBacklogBytes,
        int holdMillis,
        int maxSubscriptions,
        int maxTopicLevels,
        int maxRetainedMessages,
        long maxRetainedBytes,
        int consumerQueue,
        int packetTimeoutMillis,
        PublishRate publishRate) {

    public Limits {
        check("max.packet.size", maxPacketSizeBytes, 1024, 268_435_460);
        check("max.connect.size", maxConnectSizeBytes, 1024, 268_435_460);
        check("max.user.properties", maxUserProperties, 0, Integer.MAX_VALUE);
        check("connect.timeout.ms", connectTimeoutMillis, 100, 600_000);
        check("authentication.timeout.ms", authenticationTimeoutMillis, 10, 600_000);
        check("max.keep.alive", maxKeepAliveSeconds, 0, 65_535);
        check("max.session.expiry", maxSessionExpirySeconds, 0, 0xFFFF_FFFFL);
        check("max.sessions", maxSessions, 1, Integer.MAX_VALUE);
        check("max.connects.per.second", connectsPerSecond, 0, Integer.MAX_VALUE);
        check("max.client.id.length", maxClientIdLength, 23, 65_535);
        check("receive.maximum", receiveMaximum, 1, 65_535);
        check("max.inflight", maxInflight, 1, 65_535);
        check("topic.alias.maximum", topicAliasMaximum, 0, 65_535);
        check("max.queued.messages", maxQueuedMessages, 1, Integer.MAX_VALUE);
        check("max.queued.bytes", maxQueuedBytes, 1, Long.MAX_VALUE);
        check("max.backlog.bytes", maxBacklogBytes, 0, Long.MAX_VALUE);
        check("hold.ms", holdMillis, 0, 60_000);
        check("max.subscriptions", maxSubscriptions, 1, Integer.MAX_VALUE);
        check("max.topic.levels", maxTopicLevels, 1, 65_536);
        check("max.retained.messages", maxRetainedMessages, 0, Integer.MAX_VALUE);
        check("max.retained.bytes", maxRetainedBytes, 0, Long.MAX_VALUE);
        check("consumer.queue", consumerQueue, 16, 1 << 24);
        check("packet.timeout.ms", packetTimeoutMillis, 0, 86_400_000);
        check(
                "max.publishes.per.second",
                publishRate.messagesPerSecond(),
                0,
                PublishRate.MAX_MESSAGES);
        check(
                "max.publish.bytes.per.second",
                publishRate.bytesPerSecond(),
                0,
                PublishRate.MAX_BYTES);
    }

    private static void check(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    key + ": " + value + " (expected: " + min + ".." + max + ")");
        }
    }

    /** Whether the topic has more levels than allowed. */
    public boolean tooDeep(TopicName topic) {
        return topic.levelCount() > maxTopicLevels;
    }

    /** Whether the filter has more levels than allowed. */
    public boolean tooDeep(TopicFilter filter) {
        return filter.levels().size() > maxTopicLevels;
    }
}
