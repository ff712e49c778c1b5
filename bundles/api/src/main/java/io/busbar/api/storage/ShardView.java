package io.busbar.api.storage;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Reads what is stored in a shard. Reads are local and return at once with their result. Queues are
 * read in pages, so that a large queue does not have to fit into memory.
 */
@ProviderType
public interface ShardView {
    /** Returns all sessions of the shard. */
    List<SessionRecord> sessions();

    /** Returns the subscriptions of a session. */
    List<SubscriptionRecord> subscriptions(long session);

    /**
     * Returns a page of the messages that are queued for a session, in the order of delivery.
     *
     * @param session the session's number
     * @param fromSequence the first sequence number to return
     * @param maxCount most messages to return
     * @param maxBytes stop after this many payload bytes; at least one message is returned if there
     *     is one
     */
    List<QueuedMessage> queue(long session, long fromSequence, int maxCount, long maxBytes);

    /**
     * Returns how many messages are queued for a session, including those that were sent and are
     * not acknowledged.
     */
    long queueSize(long session);

    /**
     * Returns the Packet Identifiers of inbound QoS 2 messages for which PUBREL is still expected.
     */
    int[] inbound(long session);
}
