package io.busbar.mqtt.transport;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What all connections together hold of packets that have not arrived completely: bounded, so that
 * many clients that begin large packets and never end them do not fill the memory. Thread-safe.
 */
final class PartialPackets {
    private final long maximumBytes;
    private final AtomicLong bytes = new AtomicLong();

    PartialPackets(long maximumBytes) {
        this.maximumBytes = maximumBytes;
    }

    /** A connection holds so many bytes more, or less; false if all together hold too many. */
    boolean change(int by) {
        return bytes.addAndGet(by) <= maximumBytes || by <= 0;
    }

    long bytes() {
        return bytes.get();
    }
}
