package io.busbar.storage.rocksdb;

import io.busbar.api.storage.Durability;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.ShardView;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StoreBatch;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The right to change a shard, until another takes it. */
final class RocksOwner implements ShardOwner {
    /** Bits for numbers below an epoch. */
    private static final int NUMBER_BITS = 40;

    private final Database database;
    private final Committer committer;
    private final int shard;
    private final long epoch;
    private final boolean sync;
    private final ShardView view;
    private final AtomicLong bodies;

    private volatile boolean fenced;
    private volatile boolean closed;

    RocksOwner(Database database, Committer committer, int shard, long epoch, boolean sync) {
        this.database = database;
        this.committer = committer;
        this.shard = shard;
        this.epoch = epoch;
        this.sync = sync;
        view = new RocksShardView(database, shard);
        bodies = new AtomicLong(epoch << NUMBER_BITS);
    }

    /** To be called between two commits: those that follow are refused. */
    void fence() {
        fenced = true;
    }

    @Override
    public int shard() {
        return shard;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public boolean isFenced() {
        return fenced;
    }

    @Override
    public StoreBatch newBatch() {
        return new RocksBatch(database, shard, bodies::incrementAndGet);
    }

    @Override
    public CompletionStage<Void> commit(StoreBatch batch, Durability durability) {
        return committer.commit(
                ((RocksBatch) batch).finish(),
                sync && durability == Durability.SAFE,
                () -> !fenced && !closed);
    }

    @Override
    public @Nullable StorageException trouble() {
        return committer.trouble();
    }

    @Override
    public boolean isWritable() {
        return committer.isWritable();
    }

    @Override
    public void onWritable(Runnable action) {
        committer.onWritable(action);
    }

    @Override
    public ShardView view() {
        return view;
    }

    @Override
    public void close() {
        if (closed || fenced) {
            return;
        }
        CompletionStage<Void> last = commit(newBatch(), Durability.SAFE);
        committer.exclusively(() -> closed = true);
        try {
            last.toCompletableFuture().join();
        } catch (CompletionException e) {
            // What waits is written when it can be, or the store says that it was lost.
            return;
        }
    }
}
