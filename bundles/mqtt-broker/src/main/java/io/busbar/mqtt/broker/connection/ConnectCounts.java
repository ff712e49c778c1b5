package io.busbar.mqtt.broker.connection;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts how many clients were let in and how many were refused since the broker was created.
 * Thread-safe.
 */
public final class ConnectCounts {
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    void accept() {
        accepted.incrementAndGet();
    }

    void refuse() {
        refused.incrementAndGet();
    }

    /** Clients whose CONNECT was answered with success. */
    public long accepted() {
        return accepted.get();
    }

    /** Clients whose CONNECT, or whose connection, was refused. */
    public long refused() {
        return refused.get();
    }
}
