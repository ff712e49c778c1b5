package io.busbar.api.storage;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The exclusive right to change a shard, until it is closed or fenced. Thread-safe: several event
 * loops fill batches of their own and commit them; batches that one thread commits are applied in
 * the order of its commits. Stages complete on any thread, or at once if the promise is kept
 * already.
 */
@ProviderType
public interface ShardOwner extends AutoCloseable {
    int shard();

    /** Grows with every owner of the shard. */
    long epoch();

    /** Whether another has claimed the shard: commits fail and have no effect from then on. */
    boolean isFenced();

    /** An empty batch, to be filled by one thread, committed once and then forgotten. */
    StoreBatch newBatch();

    /**
     * Applies a batch, all or nothing. Completes when what the durability promises is true:
     * acknowledge clients then, not earlier. Fails with {@link StorageException}. The in-memory
     * effect is visible through {@link #view} when this method returns.
     */
    CompletionStage<Void> commit(StoreBatch batch, Durability durability);

    /**
     * Whether the store keeps up; if not, stop reading from publishers until {@link #onWritable}
     * runs.
     */
    boolean isWritable();

    /**
     * Runs the action once, on any thread, as soon as the store keeps up again; at once if it does.
     */
    void onWritable(Runnable action);

    /** What was committed. */
    ShardView view();

    @Override
    void close();
}
