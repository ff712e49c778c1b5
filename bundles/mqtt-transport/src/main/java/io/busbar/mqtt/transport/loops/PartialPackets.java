package io.busbar.mqtt.transport.loops;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits how many bytes of incomplete packets all connections together may hold. Otherwise many
 * clients could fill the memory by beginning large packets without ever completing them.
 * Thread-safe.
 */
public final class PartialPackets {
    private final long maximumBytes;
    private final AtomicLong bytes = new AtomicLong();

    /** So many bytes at most. */
    public PartialPackets(long maximumBytes) {
        this.maximumBytes = maximumBytes;
    }

    /** A connection holds so many bytes more, or less; false if all together hold too many. */
    public boolean change(int by) {
        return bytes.addAndGet(by) <= maximumBytes || by <= 0;
    }

    /** What they hold now. */
    public long bytes() {
        return bytes.get();
    }
}
