package io.busbar.api.storage;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The exclusive right to change a shard, from {@link BrokerStore#own} until it is closed or fenced.
 *
 * <p>Thread-safe: several event loops each fill their own batch and commit it. Batches are applied
 * in the order in which they were committed, whichever thread did. Stages may complete on any
 * thread, or at once.
 */
@ProviderType
public interface ShardOwner extends AutoCloseable {
    /** The number of the shard. */
    int shard();

    /**
     * A number that increases with every new owner of the shard, also over restarts: 1 to {@link
     * #MAX_EPOCH}. Whoever owns the shard can make numbers from it that were never used before.
     */
    long epoch();

    /** The greatest epoch there can be. */
    long MAX_EPOCH = (1L << 23) - 1;

    /** Whether another owner has taken the shard. From then on commits fail and have no effect. */
    boolean isFenced();

    /**
     * Returns an empty batch. One thread fills it and commits it once; it must not be used
     * afterwards.
     */
    StoreBatch newBatch();

    /**
     * Hands over changes, which are applied all or not at all. They are visible through {@link
     * #view} and {@link BrokerStore#retained} when the stage completes, and may be before. Until
     * then whoever needs them has to keep them.
     *
     * <p>If the store cannot write, the stage fails with {@link StorageException} as soon as that
     * is known, so that nobody waits for an acknowledgement that does not come. The changes are not
     * given up: the store writes them, in order and before all later ones, as soon as it can again.
     * What is stored follows what the broker holds, late if need be. Only a fenced or closed
     * owner's changes are dropped, and those that the end of the process catches.
     *
     * @param durability what the changes must survive; at most {@link BrokerStore#strongest} is
     *     given
     * @return completes when the changes have this durability
     */
    CompletionStage<Void> commit(StoreBatch batch, Durability durability);

    /**
     * Why the store cannot write at present, or null if it can and has written everything that it
     * could not write before. Promises must not be made now: commits fail, and what they hold has
     * to be kept until the trouble is over. Cheap enough to be asked for every message.
     */
    @Nullable StorageException trouble();

    /**
     * Whether the store keeps up with the commits. If not, stop reading from publishers until
     * {@link #onWritable} runs its action. Not so while there is {@link #trouble}: then publishers
     * are refused and not held.
     */
    boolean isWritable();

    /**
     * Runs the action once, on any thread, as soon as the store keeps up and has no trouble; at
     * once if that is so already.
     */
    void onWritable(Runnable action);

    /** Reads what was committed. */
    ShardView view();

    /** Waits until all commits are durable, for as long as that can be; then no more are taken. */
    @Override
    void close();
}
