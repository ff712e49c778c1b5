package io.busbar.mqtt.broker.memory;

import io.busbar.api.auth.Principal;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An identity, and what all its clients together hold. So nobody gets more by connecting more
 * often. One that holds nothing for long is forgotten, and another takes its place. Thread-safe.
 */
public final class Holder {
    private static final long FORGOTTEN = Long.MIN_VALUE;

    private volatile @Nullable Principal known;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong queued = new AtomicLong();

    /**
     * The identity as sessions keep it whose clients are away: without what only a connection
     * needs, and the same object for all of them.
     */
    public Principal principal(Principal of) {
        Principal shared = known;
        if (shared == null
                || !shared.id().equals(of.id())
                || !shared.username().equals(of.username())) {
            shared = new Principal(of.id(), "", of.username(), "", List.of(), 0);
            known = shared;
        }
        return shared;
    }

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
