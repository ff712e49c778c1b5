package io.busbar.mqtt.broker.connection;

import java.util.concurrent.atomic.AtomicLong;

/** Connections counted over the broker's life. Thread-safe. */
public final class Traffic {
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong bytesIn = new AtomicLong();
    private final AtomicLong bytesOut = new AtomicLong();

    void accept() {
        accepted.incrementAndGet();
    }

    void refuse() {
        refused.incrementAndGet();
    }

    void closed(long in, long out) {
        bytesIn.addAndGet(in);
        bytesOut.addAndGet(out);
    }

    /** Clients whose CONNECT was answered with success. */
    public long accepted() {
        return accepted.get();
    }

    /** Clients whose CONNECT was refused. */
    public long refused() {
        return refused.get();
    }

    /** Bytes from connections that have ended. */
    public long bytesIn() {
        return bytesIn.get();
    }

    /** Bytes to connections that have ended. */
    public long bytesOut() {
        return bytesOut.get();
    }
}
