package io.busbar.api.storage;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Reads what is stored in a shard: all commits that are complete, in their order, and possibly some
 * that are not complete yet. Nothing has to fit into memory: whatever can be large is visited or
 * read in pages. May wait for a disk unless {@link BrokerStore#readsAtOnce}. Thread-safe.
 *
 * <p>Visitors are called on the calling thread, and must not read from or commit to the shard.
 *
 * @see StorageException which all methods throw if what is stored cannot be read
 */
@ProviderType
public interface ShardView {
    /** Visits all sessions, by increasing number. */
    void sessions(Consumer<SessionRecord> visitor);

    /** Visits all sessions, by increasing number, each followed by its subscriptions. */
    void sessions(Consumer<SessionRecord> visitor, SubscriptionVisitor subscriptions);

    /** Visits the queues of all sessions that have one, by increasing number of the session. */
    void queues(QueueVisitor visitor);

    /** Returns a session. */
    Optional<SessionRecord> session(long session);

    /** Returns the subscriptions of a session. */
    List<SubscriptionRecord> subscriptions(long session);

    /**
     * Returns a page of the messages that are queued for a session, in the order of delivery.
     *
     * @param session the session's number
     * @param fromSequence the first sequence number to return
     * @param maxCount most messages to return
     * @param maxBytes stop before so many {@link io.busbar.api.mqtt.Message#sizeBytes} are
     *     exceeded; at least one message is returned if there is one
     */
    List<QueuedMessage> queue(long session, long fromSequence, int maxCount, long maxBytes);

    /** Returns the QoS 2 messages from the client for which PUBREL is still expected. */
    List<InboundMessage> inbound(long session);

    /** Returns the number that {@link StoreBatch#received} stored last, or 0. */
    long received(long session);

    /** Visits the marks of messages that were delivered to sessions of this shard. */
    void marks(MarkVisitor visitor);

    /** Is called for each mark. */
    @FunctionalInterface
    interface MarkVisitor {
        void visit(long slot, DeliveryMark mark);
    }

    /** Is called for each subscription. */
    @FunctionalInterface
    interface SubscriptionVisitor {
        void visit(long session, SubscriptionRecord subscription);
    }

    /** Is called for each queue. */
    @FunctionalInterface
    interface QueueVisitor {
        /**
         * A session has messages.
         *
         * @param count how many, including those that were sent and are not acknowledged
         * @param sizeBytes their {@link io.busbar.api.mqtt.Message#sizeBytes}
         */
        void visit(long session, long count, long sizeBytes);
    }
}
