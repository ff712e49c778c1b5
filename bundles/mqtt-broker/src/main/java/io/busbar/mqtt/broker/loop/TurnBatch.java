package io.busbar.mqtt.broker.loop;

import io.busbar.api.mqtt.Message;
import io.busbar.api.storage.Durability;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StoreBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What the turn of a loop writes to the store: one batch for each shard, committed together, and
 * those who wait until it is durable. Confined to the loop.
 */
final class TurnBatch {
    /** What a turn may gather before it is counted. */
    private static final int TELL_BYTES = 64 << 10;

    /** A message up to here is written for each who gets it, a larger one once, about. */
    private static final int SMALL_BYTES = 256;

    /** What is written for each who gets it. */
    private static final int PLACE_BYTES = 64;

    private final Shards shards;
    private final OnTheWay onTheWay;
    private final Executor loop;
    private final BiConsumer<String, Throwable> failed;
    private final @Nullable StoreBatch[] batches;
    private List<Durable> awaiting = new ArrayList<>();
    private List<Durable> following = new ArrayList<>();
    private List<Settling> settling = List.of();

    /** The last commit of each shard that was not complete at once: after it all before are. */
    private final @Nullable CompletableFuture<Void>[] last;

    /** Those who wait, in the order of their turns; all are told in that order [MQTT5-4.6.0-4]. */
    private final ArrayDeque<Turn> turns = new ArrayDeque<>();

    private boolean batched;

    /** What this turn has gathered, about, and what of it is counted already. */
    private long gathered;

    private long told;
    private @Nullable Message lastMessage;
    private @Nullable StoreBatch lastBatch;
    private int lastNumber;

    /** What a turn has committed, and who waits for it. */
    private static final class Turn {
        final List<Durable> waiters;
        boolean complete;
        @Nullable Throwable failure;

        Turn(List<Durable> waiters) {
            this.waiters = waiters;
        }
    }

    /** Somebody who waits until nothing of a shard is on its way. */
    private record Settling(int shard, Durable waiter) {}

    /**
     * Makes one for all turns of a loop.
     *
     * @param onTheWay counts what is in memory until it is written
     * @param loop runs an action on the loop
     * @param failed is told what those who wait throw
     */
    @SuppressWarnings("unchecked") // an array of a generic type
    TurnBatch(
            Shards shards, OnTheWay onTheWay, Executor loop, BiConsumer<String, Throwable> failed) {
        this.shards = shards;
        this.onTheWay = onTheWay;
        this.loop = loop;
        this.failed = failed;
        this.batches = new StoreBatch[shards.count()];
        this.last = (CompletableFuture<Void>[]) new CompletableFuture<?>[shards.count()];
    }

    /** The batch for a Client Identifier or a topic. */
    StoreBatch of(String name) {
        return of(shards.shardOf(name));
    }

    /** The batch for a shard. */
    StoreBatch of(int shard) {
        StoreBatch batch = batches[shard];
        if (batch == null) {
            batch = shards.owner(shard).newBatch();
            batches[shard] = batch;
            batched = true;
        }
        return batch;
    }

    /**
     * So many bytes more are to be written. Much of it is counted before the turn ends: else one
     * turn could take what all who were held have sent meanwhile.
     */
    private void gathers(long bytes) {
        gathered += bytes;
        if (gathered - told >= TELL_BYTES) {
            onTheWay.add(gathered - told);
            told = gathered;
        }
    }

    /** The turn is over: what it gathered is so much instead. */
    private void correct(long bytes) {
        long more = bytes - told;
        gathered = 0;
        told = 0;
        if (more > 0) {
            onTheWay.add(more);
        } else if (more < 0) {
            onTheWay.remove(-more);
        }
    }

    /** Puts the message into the batch, once. */
    int numberOf(StoreBatch batch, Message message) {
        if (lastMessage != message || lastBatch != batch) {
            gathers(message.sizeBytes());
            lastNumber = batch.message(message);
            lastMessage = message;
            lastBatch = batch;
        } else {
            gathers(Math.min(message.sizeBytes(), SMALL_BYTES) + PLACE_BYTES);
        }
        return lastNumber;
    }

    /** Tells the waiter when the turn is durable; once, however often it asks in a row. */
    void await(Durable waiter) {
        if (!isLastAwaiting(waiter)) {
            awaiting.add(waiter);
        }
    }

    /** Tells the waiter when the turn can be read; the turn need not be durable for that. */
    void follow(Durable waiter) {
        following.add(waiter);
    }

    /** Tells the waiter when all that was and will be committed by the end of this turn is. */
    void settle(String name, Durable waiter) {
        if (settling.isEmpty()) {
            settling = new ArrayList<>(1);
        }
        settling.add(new Settling(shards.shardOf(name), waiter));
    }

    /** Whether the waiter is the last that asked. */
    boolean isLastAwaiting(Durable waiter) {
        int size = awaiting.size();
        return size > 0 && awaiting.get(size - 1) == waiter;
    }

    /** The turn is over: writes what it gathered, and begins anew. */
    void commit() {
        commitBatches();
        if (!settling.isEmpty()) {
            List<Settling> all = settling;
            settling = List.of();
            all.forEach(this::settle);
        }
    }

    private void settle(Settling each) {
        CompletableFuture<Void> commit = last[each.shard];
        List<Durable> waiter = List.of(each.waiter);
        if (commit == null || commit.isDone()) {
            // What failed before was written after all, if there is no trouble any more.
            boolean failed = commit != null && commit.isCompletedExceptionally();
            complete(waiter, failed ? shards.owner(each.shard).trouble() : null);
        } else {
            Turn turn = begin(waiter);
            commit.whenComplete((none, thrown) -> loop.execute(() -> complete(turn, thrown)));
        }
    }

    private void commitBatches() {
        if (!batched && awaiting.isEmpty() && following.isEmpty()) {
            return;
        }
        // Never the list that later turns add to: they wait for their own commit.
        List<Durable> waiters = awaiting.isEmpty() ? List.of() : awaiting;
        Durability durability = waiters.isEmpty() ? Durability.PROCESS : Durability.SAFE;
        if (!waiters.isEmpty()) {
            awaiting = new ArrayList<>();
        }
        if (!following.isEmpty()) {
            following.addAll(waiters);
            waiters = following;
            following = new ArrayList<>();
        }
        CompletableFuture<Void> all = null;
        Throwable failure = null;
        long bytes = 0;
        lastMessage = null;
        lastBatch = null;
        if (batched) {
            batched = false;
            for (int shard = 0; shard < batches.length; shard++) {
                StoreBatch batch = batches[shard];
                if (batch == null) {
                    continue;
                }
                batches[shard] = null;
                try {
                    ShardOwner owner = shards.owner(shard);
                    CompletableFuture<Void> done =
                            owner.commit(batch, durability).toCompletableFuture();
                    if (!done.isDone() || done.isCompletedExceptionally()) {
                        all = all == null ? done : CompletableFuture.allOf(all, done);
                        last[shard] = done;
                        bytes += batch.bytes();
                    } else {
                        last[shard] = null;
                    }
                    shards.keepsUp(owner);
                } catch (RuntimeException | LinkageError thrown) {
                    failure = thrown;
                }
            }
        }
        if (all == null || failure != null) {
            correct(0);
            complete(waiters, failure);
        } else {
            for (int i = 0; i < waiters.size(); i++) {
                bytes += waiters.get(i).bytes();
            }
            long counted = bytes;
            correct(counted);
            // One hop for all of them.
            Turn turn = begin(waiters);
            all.whenComplete(
                    (none, thrown) -> {
                        arrived(counted, thrown);
                        loop.execute(() -> complete(turn, thrown));
                    });
        }
    }

    private Turn begin(List<Durable> waiters) {
        Turn turn = new Turn(waiters);
        turns.add(turn);
        return turn;
    }

    /** It is over at once. It may be so before an earlier one is known to be. */
    private void complete(List<Durable> waiters, @Nullable Throwable failure) {
        if (turns.isEmpty()) {
            tell(waiters, failure);
        } else if (!waiters.isEmpty()) {
            complete(begin(waiters), failure);
        }
    }

    private void complete(Turn turn, @Nullable Throwable thrown) {
        turn.complete = true;
        turn.failure = causeOf(thrown);
        for (Turn first; (first = turns.peek()) != null && first.complete; ) {
            turns.remove();
            tell(first.waiters, first.failure);
        }
    }

    /** What could not be written stays in memory until it can. */
    private void arrived(long bytes, @Nullable Throwable thrown) {
        if (thrown == null) {
            onTheWay.remove(bytes);
        } else {
            shards.inTrouble();
            onTheWay.fail(bytes);
            shards.whenWritten(() -> onTheWay.forget(bytes));
        }
    }

    private static @Nullable Throwable causeOf(@Nullable Throwable thrown) {
        Throwable cause = thrown == null ? null : thrown.getCause();
        return thrown instanceof CompletionException && cause != null ? cause : thrown;
    }

    private void tell(List<Durable> waiters, @Nullable Throwable failure) {
        if (failure != null && !(failure instanceof StorageException)) {
            failed.accept("storing", failure);
        }
        for (int i = 0; i < waiters.size(); i++) {
            try {
                waiters.get(i).durable(failure);
            } catch (RuntimeException | LinkageError thrown) {
                failed.accept("answer of the store", thrown);
            }
        }
    }
}
