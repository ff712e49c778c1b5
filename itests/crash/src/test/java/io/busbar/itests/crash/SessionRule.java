package io.busbar.itests.crash;

/**
 * Whether a session has to be there when its client connects without Clean Start. Times are those
 * of {@link System#nanoTime}.
 *
 * @param closedAt the earliest time from which the expiry interval counts
 * @param noticedAt the latest such time
 * @param expiryNanos the Session Expiry Interval, or {@link Publication#NEVER}
 */
record SessionRule(long closedAt, long noticedAt, long expiryNanos) {
    /** How long after its expiry a session may still be found. */
    static final long GRACE_NANOS = 1_000_000_000;

    enum Expected {
        PRESENT,
        GONE,
        EITHER
    }

    /**
     * @param askedAt before CONNECT was written
     * @param answeredAt after CONNACK was read
     */
    Expected expected(long askedAt, long answeredAt) {
        if (expiryNanos == Publication.NEVER || answeredAt - closedAt < expiryNanos) {
            return Expected.PRESENT;
        }
        if (noticedAt != Publication.NEVER && askedAt - noticedAt > expiryNanos + GRACE_NANOS) {
            return Expected.GONE;
        }
        return Expected.EITHER;
    }
}
