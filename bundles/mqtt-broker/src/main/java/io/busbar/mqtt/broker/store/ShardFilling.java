package io.busbar.mqtt.broker.store;

import io.busbar.api.storage.Durability;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StoreBatch;
import io.busbar.mqtt.broker.loop.Shards;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Fills a shard with much, batch after batch, and waits for each. Not thread-safe.
 *
 * @see StorageException which is thrown if a batch is not written
 */
public final class ShardFilling {
    private static final int MOST_CHANGES = 1_000;
    private static final long MOST_BYTES = 1 << 20;

    private final ShardOwner owner;
    private @Nullable StoreBatch batch;
    private long bytes;
    private long number;

    /** Makes that of a shard. */
    public ShardFilling(ShardOwner owner) {
        this.owner = owner;
        this.number = Shards.firstNumber(owner);
    }

    /** A number, for a session or a message, that is greater than all of the shard. */
    long nextNumber() {
        return ++number;
    }

    /** The batch to put changes into. */
    public StoreBatch batch() {
        StoreBatch open = batch;
        if (open == null) {
            open = owner.newBatch();
            batch = open;
        }
        return open;
    }

    /** Notes the size of what was put into the batch. */
    public void add(long sizeBytes) {
        bytes += sizeBytes;
    }

    /** Commits if there is much in the batch. */
    public void commitIfFull() {
        StoreBatch open = batch;
        if (open != null && (open.size() >= MOST_CHANGES || bytes >= MOST_BYTES)) {
            commit();
        }
    }

    /** Gives up what is in the batch. */
    public void discard() {
        batch = null;
        bytes = 0;
    }

    /** Waits until what the batch has is durable. */
    public void commit() {
        StoreBatch full = batch;
        discard();
        if (full == null || full.isEmpty()) {
            return;
        }
        await(owner.commit(full, Durability.SAFE));
    }

    /**
     * Waits until a commit is durable.
     *
     * @throws StorageException if it is not
     */
    public static void await(CompletionStage<Void> commit) {
        try {
            commit.toCompletableFuture().get();
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof StorageException known
                    ? known
                    : new StorageException("not written", failure.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new StorageException("writing was not waited for");
        }
    }
}
