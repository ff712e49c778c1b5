package io.busbar.mqtt.broker.loop;

import io.busbar.api.storage.BrokerStore;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StorageException;
import io.busbar.mqtt.broker.loop.StoreCongestion.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The shards of a store, all owned by this broker. Thread-safe. */
public final class Shards implements AutoCloseable {
    private static final long OWN_SECONDS = 60;

    /** Bytes from those who publish little that are taken while a store does not keep up. */
    private static final long LITTLE_BYTES = 4 << 20;

    /** Bits of a number below the epoch. */
    private static final int COUNTER_BITS = 40;

    private final List<ShardOwner> owners;
    private final ToIntFunction<String> shardOf;
    private final StoreCongestion congestion = new StoreCongestion();

    private Shards(List<ShardOwner> owners, ToIntFunction<String> shardOf) {
        this.owners = List.copyOf(owners);
        this.shardOf = shardOf;
    }

    /**
     * Takes all shards of a store; waits until it has them.
     *
     * @throws StorageException if it does not get all of them; then it keeps none
     */
    public static Shards own(BrokerStore store) {
        List<ShardOwner> owned = new ArrayList<>();
        try {
            for (int shard = 0; shard < store.shards(); shard++) {
                owned.add(
                        store.own(shard).toCompletableFuture().get(OWN_SECONDS, TimeUnit.SECONDS));
            }
            return new Shards(owned, store::shardOf);
        } catch (ExecutionException failure) {
            owned.forEach(ShardOwner::close);
            throw failure.getCause() instanceof StorageException why
                    ? why
                    : new StorageException(
                            "broker store "
                                    + store.name()
                                    + " cannot be used: "
                                    + failure.getCause(),
                            failure);
        } catch (TimeoutException failure) {
            owned.forEach(ShardOwner::close);
            throw new StorageException(
                    "broker store "
                            + store.name()
                            + " cannot be used: it did not answer within "
                            + OWN_SECONDS
                            + " s",
                    failure);
        } catch (InterruptedException stopped) {
            owned.forEach(ShardOwner::close);
            Thread.currentThread().interrupt();
            throw new StorageException("broker store " + store.name() + " was not waited for");
        }
    }

    /**
     * The number below all that an owner of a shard can use, for sessions or for messages: no owner
     * before it has used a greater one.
     */
    public static long firstNumber(ShardOwner owner) {
        return owner.epoch() << COUNTER_BITS;
    }

    /**
     * Whether what an owner of a shard has come up to with one number includes another one. Numbers
     * of an owner before it are never included: what is left of them stands for itself.
     */
    public static boolean includes(long upTo, long number) {
        return number <= upTo && number >>> COUNTER_BITS == upTo >>> COUNTER_BITS;
    }

    /** All of them, by number. */
    public List<ShardOwner> owners() {
        return owners;
    }

    int count() {
        return owners.size();
    }

    /** The number of the shard that a Client Identifier, or a topic, belongs to. */
    int shardOf(String name) {
        return shardOf.applyAsInt(name);
    }

    /** The owner of the shard that a Client Identifier, or a topic, belongs to. */
    public ShardOwner ownerOf(String name) {
        return owners.get(shardOf(name));
    }

    ShardOwner owner(int shard) {
        return owners.get(shard);
    }

    /** What publishers wait for while the store does not keep up. */
    StoreCongestion congestion() {
        return congestion;
    }

    /** Holds publishers until the owner takes batches again, if it only does not keep up. */
    void keepsUp(ShardOwner owner) {
        if (owner.isWritable()) {
            return;
        }
        if (owner.trouble() != null) {
            inTrouble();
        } else if (congestion.begin(Reason.STORE, LITTLE_BYTES)) {
            owner.onWritable(() -> congestion.end(Reason.STORE));
            if (owner.trouble() != null) { // it may have come meanwhile
                inTrouble();
            }
        }
    }

    /** The store cannot write: those who need it are refused, and nobody is held for it. */
    void inTrouble() {
        congestion.end(Reason.STORE);
    }

    /**
     * Holds publishers because too many changes of Retained Messages wait to be written.
     *
     * @param allowedBytes what those who publish little may still send, all together
     */
    public void hold(long allowedBytes) {
        congestion.begin(Reason.RETAINED, allowedBytes);
    }

    /** Ends {@link #hold}. */
    public void release() {
        congestion.end(Reason.RETAINED);
    }

    /** Why the store cannot write at present, or null if it can. */
    @Nullable StorageException trouble() {
        for (int i = 0; i < owners.size(); i++) {
            StorageException trouble = owners.get(i).trouble();
            if (trouble != null) {
                return trouble;
            }
        }
        return null;
    }

    /** Runs the action, on any thread, when the store has written all that it could not write. */
    public void whenWritten(Runnable action) {
        for (ShardOwner owner : owners) {
            if (owner.trouble() != null) {
                owner.onWritable(() -> whenWritten(action));
                return;
            }
        }
        action.run();
    }

    /** Lets go of all shards. */
    @Override
    public void close() {
        owners.forEach(ShardOwner::close);
    }
}
