package io.busbar.mqtt.broker.connection;

/**
 * Whether a client publishes so much that slower subscribers gain by holding it back. To hold back
 * one that publishes little helps nobody, and would let anybody who does not read delay all others.
 * Confined to the loop of its connection.
 */
final class PublishVolume {
    private static final long WINDOW_MILLIS = 1_000;

    /** In a window; one that has more publishes much, in this window and the next. */
    private static final int MESSAGES = 100;

    private static final int BYTES = 64 << 10;

    private long begin;
    private int messages;
    private long bytes;
    private boolean wasLarge;

    /**
     * Counts a message.
     *
     * @param size its bytes, with its topic and properties
     */
    void count(long nowMillis, int size) {
        if (nowMillis - begin >= WINDOW_MILLIS) {
            wasLarge = nowMillis - begin < 2 * WINDOW_MILLIS && isWindowLarge();
            begin = nowMillis;
            messages = 0;
            bytes = 0;
        }
        messages++;
        bytes += size;
    }

    /** Whether what was counted is much. */
    boolean isLarge() {
        return wasLarge || isWindowLarge();
    }

    private boolean isWindowLarge() {
        return messages > MESSAGES || bytes > BYTES;
    }
}
