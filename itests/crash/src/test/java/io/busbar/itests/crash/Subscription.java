package io.busbar.itests.crash;

import io.busbar.api.mqtt.TopicFilter;

/** One subscription of one session, from SUBSCRIBE to UNSUBACK, as its client knows it. */
final class Subscription {
    private final String session;
    private final TopicFilter filter;
    private final int qos;
    private final long requestedAt;
    private volatile long acknowledgedAt = Publication.NEVER;
    private volatile long endRequestedAt = Publication.NEVER;
    private volatile long endedAt = Publication.NEVER;
    private volatile boolean forgotten;

    /**
     * @param session the Client Identifier with the number of the session
     * @param requestedAt before SUBSCRIBE was written
     */
    Subscription(String session, TopicFilter filter, int qos, long requestedAt) {
        this.session = session;
        this.filter = filter;
        this.qos = qos;
        this.requestedAt = requestedAt;
    }

    String session() {
        return session;
    }

    TopicFilter filter() {
        return filter;
    }

    int qos() {
        return qos;
    }

    /** After SUBACK was read. */
    void acknowledged(long now) {
        acknowledgedAt = now;
    }

    boolean isAcknowledged() {
        return acknowledgedAt != Publication.NEVER;
    }

    /** Before UNSUBSCRIBE was written for the first time. */
    void endRequested(long now) {
        if (endRequestedAt == Publication.NEVER) {
            endRequestedAt = now;
        }
    }

    /** After UNSUBACK was read. */
    void ended(long now) {
        endedAt = now;
    }

    boolean isEnded() {
        return endedAt != Publication.NEVER || forgotten;
    }

    /** Its session has ended as it should: what it did not get, nobody misses. */
    void forget() {
        forgotten = true;
    }

    /** Whether it was there all the time in which the server can have routed the message. */
    boolean requires(Publication message) {
        return message.isAcknowledged() && covers(message);
    }

    /** The same, of a message that may have reached the server or not. */
    boolean covers(Publication message) {
        return !forgotten
                && filter.matches(message.topic())
                && acknowledgedAt < message.sentAt()
                && endRequestedAt >= message.completedAt();
    }

    /** Whether it can have been there when the server routed the message. */
    boolean allows(Publication message) {
        return filter.matches(message.topic())
                && requestedAt < message.completedAt()
                && endedAt > message.sentAt();
    }

    @Override
    public String toString() {
        return "Subscription["
                + session
                + " "
                + filter
                + ", requested="
                + requestedAt
                + ", acknowledged="
                + acknowledgedAt
                + ", endRequested="
                + endRequestedAt
                + ", ended="
                + endedAt
                + ", forgotten="
                + forgotten
                + "]";
    }
}
