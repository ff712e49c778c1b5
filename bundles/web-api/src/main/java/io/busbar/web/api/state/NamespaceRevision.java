package io.busbar.web.api.state;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A number that grows with every change of the namespace's structure. Begins later than whatever a
 * browser remembers of an earlier run. Thread-safe.
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
