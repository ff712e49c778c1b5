package io.busbar.mqtt.transport.admission;

import java.util.concurrent.atomic.AtomicInteger;

/** A limited number of places, which connections take and give back. Thread-safe. */
public final class Places {
    private final AtomicInteger taken = new AtomicInteger();
    private volatile int most;

    /** So many; 0 is no limit. */
    public Places(int most) {
        this.most = most;
    }

    void limit(int changed) {
        most = changed;
    }

    /** Takes a place, if there is one. */
    boolean take() {
        int limit = most;
        if (taken.incrementAndGet() > limit && limit > 0) {
            taken.decrementAndGet();
            return false;
        }
        return true;
    }

    void giveBack() {
        taken.decrementAndGet();
    }

    int taken() {
        return taken.get();
    }
}
