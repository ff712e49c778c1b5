package io.busbar.mqtt.broker.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * An identity, and what all its clients together hold. So nobody gets more by connecting more
 * often. One that holds nothing for long is forgotten, and another takes its place. Thread-safe.
 */
public final class Holder {
    private static final long FORGOTTEN = Long.MIN_VALUE;

    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong queued = new AtomicLong();

    /** Bytes held for long: retained messages, sessions, subscriptions. */
    public long bytes() {
        return Math.max(0, bytes.get());
    }

    /** Bytes of messages that its sessions are owed, small queues left out. */
    public long queued() {
        return queued.get();
    }

    /** Its sessions are owed so much more, or less if negative. */
    public void addQueued(long more) {
        queued.addAndGet(more);
    }

    /** False if it was forgotten: then nothing was added. */
    boolean add(long more) {
        while (true) {
            long before = bytes.get();
            if (before == FORGOTTEN) {
                return false;
            }
            if (bytes.compareAndSet(before, before + more)) {
                return true;
            }
        }
    }

    /** Forgets it if it holds nothing. */
    boolean forget() {
        return queued.get() == 0 && bytes.compareAndSet(0, FORGOTTEN);
    }
}
