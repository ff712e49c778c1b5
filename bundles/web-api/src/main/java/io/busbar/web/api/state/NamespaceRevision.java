package io.busbar.web.api.state;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A number that increases with every change of the namespace's structure. After a restart it begins
 * above all numbers that a browser may remember. Thread-safe.
 */
public final class NamespaceRevision {
    private final AtomicLong revision;

    public NamespaceRevision(Clock clock) {
        this.revision = new AtomicLong(clock.millis());
    }

    public long get() {
        return revision.get();
    }

    /** The structure has changed. */
    public void changed() {
        revision.incrementAndGet();
    }
}
