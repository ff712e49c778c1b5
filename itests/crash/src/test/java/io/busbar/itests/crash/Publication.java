package io.busbar.itests.crash;

/**
 * What one client knows of one message that it published. Times are those of {@link
 * System#nanoTime}; {@link #NEVER} if it did not happen. Written under the lock of its client.
 */
final class Publication {
    static final long NEVER = Long.MAX_VALUE;

    /**
     * A message by its publisher and number.
     *
     * @param number grows with every message of the publisher
     */
    record Id(String publisher, long number) {
        @Override
        public String toString() {
            return publisher + " " + number;
        }
    }

    private final Id id;
    private final String topic;
    private final int qos;
    private volatile int sends;
    private volatile long sentAt = NEVER;
    private volatile long acknowledgedAt = NEVER;
    private volatile long completedAt = NEVER;
    private volatile boolean refused;

    Publication(Id id, String topic, int qos) {
        this.id = id;
        this.topic = topic;
        this.qos = qos;
    }

    Id id() {
        return id;
    }

    String topic() {
        return topic;
    }

    int qos() {
        return qos;
    }

    /** How many times PUBLISH was written. */
    int sends() {
        return sends;
    }

    /** Before the first PUBLISH was written. */
    long sentAt() {
        return sentAt;
    }

    /** After PUBACK or PUBREC was read: from then on the server is responsible. */
    long acknowledgedAt() {
        return acknowledgedAt;
    }

    /** After PUBACK or PUBCOMP was read: from then on the server has routed it. */
    long completedAt() {
        return completedAt;
    }

    boolean isAcknowledged() {
        return acknowledgedAt != NEVER && !refused;
    }

    /** QoS 2, and on its way when the server was killed. */
    boolean isInGap() {
        return qos == 2 && sends > 1;
    }

    boolean isRefused() {
        return refused;
    }

    synchronized void sent(long now) {
        if (sends++ == 0) {
            sentAt = now;
        }
    }

    void acknowledged(long now) {
        if (acknowledgedAt == NEVER) {
            acknowledgedAt = now;
        }
    }

    void completed(long now) {
        acknowledged(now);
        completedAt = now;
    }

    /** Answered with an error. */
    void refuse() {
        refused = true;
    }

    @Override
    public String toString() {
        return "Publication["
                + id
                + ", topic="
                + topic
                + ", qos="
                + qos
                + ", sends="
                + sends
                + ", sent="
                + sentAt
                + ", acknowledged="
                + acknowledgedAt
                + ", completed="
                + completedAt
                + ", refused="
                + refused
                + "]";
    }
}
