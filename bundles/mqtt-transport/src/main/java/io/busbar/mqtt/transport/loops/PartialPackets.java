package io.busbar.mqtt.transport.loops;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What all connections together hold of packets that have not arrived completely: bounded, so that
 * many clients that begin large packets and never end them do not fill the memory. Thread-safe.
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
