package io.busbar.mqtt.broker.retained;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.TopicKey;
import io.busbar.mqtt.broker.loop.Loop;
import org.jspecify.annotations.Nullable;

/**
 * The latest change of a topic while the store does not show it for sure: it waits to be written,
 * or its commit is under way. Guarded by the lock of its stripe, but for the message, which anybody
 * may read.
 */
final class Pending {
    /** What it takes beside its message. */
    static final int BYTES = 240;

    final TopicKey key;
    final TopicName topic;
    final long hash;

    /** What is retained, or null if it was removed. */
    volatile @Nullable Message message;

    /** What it counts for in memory. */
    long cost;

    /** Commits under way. */
    int underWay;

    /** The loop of the last of them. */
    @Nullable Loop loop;

    /**
     * Whether they are of several loops: then nobody knows which one the store saw last, and the
     * change is written once more.
     */
    boolean mixed;

    /** Whether it has to be written. */
    boolean dirty;

    /** Whether it is in the line of those that have to be written. */
    boolean queued;

    Pending(TopicKey key, TopicName topic, long hash) {
        this.key = key;
        this.topic = topic;
        this.hash = hash;
    }
}
