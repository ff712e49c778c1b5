package io.busbar.mqtt.broker.connection;

/**
 * Whether a client publishes so much that slower subscribers gain by holding it back. To hold back
 * one that publishes little helps nobody, and would let anybody who does not read delay all others.
 *
 * <p>What a client has sent while it was not read from comes at once afterwards: it is as much as
 * in all that time. Else one that publishes little would look like one that publishes much as soon
 * as it was held for a while, would be held on for that, and fall back further. Confined to the
 * loop of its connection.
 */
final class PublishVolume {
    private static final long WINDOW_MILLIS = 1_000;

    /** In a window; one that has more publishes much, in this window and the next. */
    private static final int MESSAGES = 100;

    private static final int BYTES = 64 << 10;

    /** Of so much of the time that it was not read from, what was sent then still counts. */
    private static final long MOST_OWED_MILLIS = 60_000;

    private long begin;
    private int messages;
    private long bytes;
    private boolean wasLarge;

    /** How long it was not read from, as far as it has not sent yet what it may have sent then. */
    private long owedMillis;

    private long stoppedBefore;

    /**
     * Counts a message.
     *
     * @param size its bytes, with its topic and properties
     * @param stoppedMillis how long it was not read from since it is here
     */
    void count(long nowMillis, int size, long stoppedMillis) {
        if (nowMillis - begin >= WINDOW_MILLIS) {
            boolean large = isWindowLarge();
            wasLarge = nowMillis - begin < 2 * WINDOW_MILLIS && large;
            long stopped = stoppedMillis - stoppedBefore;
            // Who publishes much is held for that, and nothing is owed to it.
            owedMillis = large ? 0 : Math.min(MOST_OWED_MILLIS, owedNow() + stopped);
            stoppedBefore = stoppedMillis;
            begin = nowMillis;
            messages = 0;
            bytes = 0;
        }
        messages++;
        bytes += size;
    }

    /** What is owed when that which was counted is taken from it. */
    private long owedNow() {
        long millis = Math.max(messages * WINDOW_MILLIS / MESSAGES, bytes * WINDOW_MILLIS / BYTES);
        return Math.max(0, owedMillis - Math.max(0, millis - WINDOW_MILLIS));
    }

    /** Whether what was counted is much. */
    boolean isLarge() {
        return wasLarge || isWindowLarge();
    }

    private boolean isWindowLarge() {
        long millis = WINDOW_MILLIS + owedMillis;
        return messages * WINDOW_MILLIS > MESSAGES * millis
                || bytes * WINDOW_MILLIS > BYTES * millis;
    }
}
