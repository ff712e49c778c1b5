package io.busbar.mqtt.broker.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * An identity, and what all its clients together hold for long: retained messages, sessions,
 * subscriptions. So nobody gets more by connecting more often. Thread-safe.
 */
public final class Holder {
    private final String id;
    private final AtomicLong bytes = new AtomicLong();

    Holder(String id) {
        this.id = id;
    }

    /** The identity, as the authenticator named it. */
    public String id() {
        return id;
    }

    /** Bytes held now. */
    public long bytes() {
        return bytes.get();
    }

    void add(long more) {
        bytes.addAndGet(more);
    }
}
