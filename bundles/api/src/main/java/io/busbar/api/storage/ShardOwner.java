package io.busbar.api.storage;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The exclusive right to change a shard, from {@link BrokerStore#own} until it is closed or fenced.
 *
 * <p>Thread-safe: several event loops each fill their own batch and commit it. Batches that one
 * thread commits are applied in the order of its commits. Stages may complete on any thread, or at
 * once.
 */
@ProviderType
public interface ShardOwner extends AutoCloseable {
    /** The number of the shard. */
    int shard();

    /** A number that increases with every new owner of the shard. */
    long epoch();

    /** Whether another owner has taken the shard. From then on commits fail and have no effect. */
    boolean isFenced();

    /**
     * Returns an empty batch. One thread fills it and commits it once; it must not be used
     * afterwards.
     */
    StoreBatch newBatch();

    /**
     * Applies all changes of a batch, or none. The changes are visible through {@link #view} when
     * this method returns, but may not be durable yet: acknowledge clients only when the stage
     * completes.
     *
     * @param durability what the changes must survive; at most {@link BrokerStore#strongest} is
     *     given
     * @return completes when the changes have this durability; fails with {@link StorageException}
     */
    CompletionStage<Void> commit(StoreBatch batch, Durability durability);

    /**
     * Whether the store keeps up with the commits. If not, stop reading from publishers until
     * {@link #onWritable} runs its action.
     */
    boolean isWritable();

    /**
     * Runs the action once, on any thread, as soon as the store keeps up again; at once if it does
     * already.
     */
    void onWritable(Runnable action);

    /** Reads what was committed. */
    ShardView view();

    @Override
    void close();
}
