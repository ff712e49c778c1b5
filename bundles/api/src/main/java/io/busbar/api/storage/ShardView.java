package io.busbar.api.storage;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Reads of a shard: local and synchronous, in pages, so that a large queue never has to fit into
 * memory.
 */
@ProviderType
public interface ShardView {
    List<SessionRecord> sessions();

    List<SubscriptionRecord> subscriptions(long session);

    /**
     * A page of what is owed to a session, in order.
     *
     * @param fromSequence the first sequence wanted
     * @param maxBytes stop after this many payload bytes; at least one message is returned if there
     *     is one
     */
    List<QueuedMessage> queue(long session, long fromSequence, int maxCount, long maxBytes);

    /** How many messages are owed to a session. */
    long queueSize(long session);

    /** The Packet Identifiers of inbound QoS 2 messages that wait for PUBREL. */
    int[] inbound(long session);
}
