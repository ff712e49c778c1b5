package io.busbar.api.storage;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Keeps what the broker must not forget: sessions, subscriptions, queued and unacknowledged
 * messages, retained messages. State is cut into shards by Client Identifier; whoever changes a
 * shard owns it. One node owns all its shards at once; in a cluster ownership moves.
 */
@ProviderType
public interface BrokerStore {
    /** A short stable name, e.g. {@code memory}; shown to operators. */
    String name();

    /** The strongest promise this store can keep: a commit that asks for more gets this. */
    Durability strongest();

    /** How many shards there are; does not change while the store lives. */
    int shards();

    /** The shard of a client, 0 to {@link #shards()} - 1; stable over restarts. */
    int shardOf(String clientId);

    /**
     * Claims a shard. Completes when all earlier owners are fenced and {@link ShardOwner#view}
     * shows all that was committed.
     */
    CompletionStage<ShardOwner> own(int shard);

    /** The retained messages of all shards. */
    RetainedView retained();
}
