package io.busbar.api.storage;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Stores what the broker must not lose: sessions, subscriptions, queued and unacknowledged
 * messages, and retained messages. Published as a service; the broker runs as long as there is one.
 *
 * <p>The data of clients is divided into shards by Client Identifier, retained messages by topic.
 * Only the owner of a shard may change it. A single node owns all shards; in a cluster, ownership
 * moves between nodes. Thread-safe.
 */
@ProviderType
public interface BrokerStore {
    /** A short name that never changes, e.g. {@code memory}; shown to operators. */
    String name();

    /**
     * The strongest durability that this store can guarantee. A commit that asks for more gets this
     * one.
     */
    Durability strongest();

    /** The number of shards. Does not change while the store is open. */
    int shards();

    /**
     * Returns the shard of a Client Identifier or topic, 0 to {@link #shards()} - 1. The same after
     * every restart.
     */
    int shardOf(String name);

    /**
     * Takes ownership of a shard. Earlier owners of it can then no longer commit.
     *
     * @return completes when all earlier owners are fenced, their commits are finished or dropped,
     *     and {@link ShardOwner#view} shows everything that was committed
     */
    CompletionStage<ShardOwner> own(int shard);

    /** Reads the retained messages of all shards. */
    RetainedView retained();

    /**
     * Whether reads are answered from memory. If not, they may wait for a disk, and the broker
     * reads on threads of their own and never on an event loop.
     */
    boolean readsAtOnce();

    /** Bytes that it takes on the disk; 0 if it is in memory. Cheap, a second old at most. */
    default long diskBytes() {
        return 0;
    }
}
