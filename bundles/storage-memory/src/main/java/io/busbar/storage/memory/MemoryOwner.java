package io.busbar.storage.memory;

import io.busbar.api.storage.Durability;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.ShardView;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StoreBatch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The right to change the shard, until another takes it. */
final class MemoryOwner implements ShardOwner {
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final MemoryStore store;
    private final MemoryShard shard;
    private final long epoch;

    MemoryOwner(MemoryStore store, MemoryShard shard, long epoch) {
        this.store = store;
        this.shard = shard;
        this.epoch = epoch;
    }

    @Override
    public int shard() {
        return 0;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public boolean isFenced() {
        return !store.isCurrent(epoch);
    }

    @Override
    public StoreBatch newBatch() {
        return new MemoryBatch();
    }

    @Override
    public CompletionStage<Void> commit(StoreBatch batch, Durability durability) {
        synchronized (shard) {
            if (isFenced()) {
                return CompletableFuture.failedFuture(
                        new StorageException(
                                StorageException.Kind.GONE,
                                "another owner has taken the memory store, or it is closed"));
            }
            for (MemoryBatch.Change change : ((MemoryBatch) batch).changes()) {
                change.applyTo(shard, store);
            }
        }
        return DONE;
    }

    @Override
    public @Nullable StorageException trouble() {
        return null;
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void onWritable(Runnable action) {
        action.run();
    }

    @Override
    public ShardView view() {
        return shard;
    }

    @Override
    public void close() {
        store.release(epoch);
    }
}
