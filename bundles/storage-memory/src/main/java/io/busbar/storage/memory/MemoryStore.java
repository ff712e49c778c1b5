package io.busbar.storage.memory;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.BrokerStore;
import io.busbar.api.storage.Durability;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.storage.ShardOwner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Keeps the broker's state in memory, for tests, demonstrations and benchmarks. Commits complete at
 * once. The state survives a new owner, but not the end of the process. It has one shard.
 */
@Component(service = BrokerStore.class, property = "store.name=memory")
public final class MemoryStore implements BrokerStore {
    private final MemoryShard shard = new MemoryShard();
    private final MemoryRetained retained = new MemoryRetained();
    private long epoch;

    /** Makes an empty store. */
    @Activate
    public MemoryStore() {}

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Durability strongest() {
        return Durability.MEMORY;
    }

    @Override
    public int shards() {
        return 1;
    }

    @Override
    public int shardOf(String name) {
        return 0;
    }

    @Override
    public synchronized CompletionStage<ShardOwner> own(int number) {
        if (number != 0) {
            throw new IllegalArgumentException("shard: " + number + " (expected: 0)");
        }
        return CompletableFuture.completedFuture(new MemoryOwner(this, shard, ++epoch));
    }

    synchronized boolean isCurrent(long candidate) {
        return epoch == candidate;
    }

    synchronized void release(long candidate) {
        if (epoch == candidate) {
            epoch++;
        }
    }

    void retain(Message message) {
        retained.put(message);
    }

    void forget(TopicName topic) {
        retained.remove(topic);
    }

    @Override
    public RetainedView retained() {
        return retained;
    }

    @Override
    public boolean readsAtOnce() {
        return true;
    }
}
