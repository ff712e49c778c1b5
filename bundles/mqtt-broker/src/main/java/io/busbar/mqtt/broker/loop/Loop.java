package io.busbar.mqtt.broker.loop;

import io.busbar.api.mqtt.Message;
import io.busbar.api.storage.Durability;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StoreBatch;
import io.busbar.mqtt.broker.link.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event loop as the broker sees it. What a turn of it changes goes into one batch per shard of
 * the store, committed once when the turn ends. Confined to its event loop, but for {@link
 * #execute}.
 *
 * <p>When the transport has ended the event loop underneath, the broker's own takes over what is
 * still to do for it.
 */
public final class Loop {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private static final long TICK_MILLIS = 250;

    private final int slot;
    private final EventLoop events;
    private final Loops loops;
    private final Counters counters = new Counters();
    private final Runnable endOfTurn = this::endTurn;
    private final List<Runnable> turnEnds = new ArrayList<>();
    private final List<Ticking> ticking = new ArrayList<>();
    private final List<Congestion> congested = new ArrayList<>();
    private final @Nullable StoreBatch[] batches;
    private List<Durable> awaiting = new ArrayList<>();
    private boolean turnScheduled;
    private boolean batched;
    private @Nullable Message lastMessage;
    private @Nullable StoreBatch lastBatch;
    private int lastNumber;
    private long nowNanos;
    private volatile boolean ended;

    /** Something that looks at the time now and then. */
    public interface Ticking {
        /** Looks; false if it does not want to be called again. */
        boolean tick(long nowNanos);
    }

    Loop(int slot, EventLoop events, Loops loops) {
        this.slot = slot;
        this.events = events;
        this.loops = loops;
        this.batches = new StoreBatch[loops.shards()];
        this.nowNanos = loops.ticker().nanos();
    }

    void start() {
        scheduleTick();
    }

    private void scheduleTick() {
        try {
            events.schedule(this::tickAgain, TICK_MILLIS);
        } catch (RejectedExecutionException gone) {
            ended = true;
        }
    }

    private void tickAgain() {
        tick(loops.holdNanos());
        scheduleTick();
    }

    /** A small number of its own, for arrays by loop. */
    public int slot() {
        return slot;
    }

    public Counters counters() {
        return counters;
    }

    /** Whether the caller is on this loop. */
    public boolean inLoop() {
        return events.inLoop() || ended && loops.home().events.inLoop();
    }

    /**
     * Runs the action on this loop, after what is running now. Actions of one thread keep their
     * order.
     */
    public void execute(Runnable action) {
        try {
            events.execute(action);
        } catch (RejectedExecutionException gone) {
            ended = true;
            Loop home = loops.home();
            if (home != this) {
                home.execute(action);
            }
        }
    }

    /** Makes sure that this turn is ended: called by whatever gathers something in it. */
    public void touch() {
        if (!turnScheduled) {
            turnScheduled = true;
            execute(endOfTurn);
        }
    }

    /** Runs an action at the end of every turn that was touched. */
    public void atTurnEnd(Runnable action) {
        turnEnds.add(action);
    }

    /** The batch of a client's shard in this turn. */
    public StoreBatch batch(String clientId) {
        return batchOf(loops.shardOf(clientId));
    }

    private StoreBatch batchOf(int shard) {
        StoreBatch batch = batches[shard];
        if (batch == null) {
            batch = loops.owner(shard).newBatch();
            batches[shard] = batch;
            batched = true;
            touch();
        }
        return batch;
    }

    /**
     * The batch for a Retained Message of a topic: always the same shard, so that changes of one
     * topic keep their order.
     */
    public StoreBatch retainedBatch(String topic) {
        return batchOf(loops.shardOf(topic));
    }

    /** Puts the message into the batch, once. */
    public int numberOf(StoreBatch batch, Message message) {
        if (lastMessage != message || lastBatch != batch) {
            lastNumber = batch.message(message);
            lastMessage = message;
            lastBatch = batch;
        }
        return lastNumber;
    }

    /** Tells the waiter when what this turn wrote is durable. */
    public void await(Durable waiter) {
        int size = awaiting.size();
        if (size == 0 || awaiting.get(size - 1) != waiter) {
            awaiting.add(waiter);
            touch();
        }
    }

    /** Whether the waiter is the last that was told of this turn. */
    public boolean isLastAwaiting(Durable waiter) {
        int size = awaiting.size();
        return size > 0 && awaiting.get(size - 1) == waiter;
    }

    private void endTurn() {
        turnScheduled = false;
        endTurnNow();
    }

    /** Hands over and commits what was gathered. */
    void endTurnNow() {
        for (int i = 0; i < turnEnds.size(); i++) {
            try {
                turnEnds.get(i).run();
            } catch (RuntimeException | LinkageError failure) {
                failed("end of turn", failure);
            }
        }
        commit();
    }

    private void commit() {
        if (!batched && awaiting.isEmpty()) {
            return;
        }
        // Never the list that later turns add to: they wait for their own commit.
        List<Durable> waiters = awaiting.isEmpty() ? List.of() : awaiting;
        Durability durability = waiters.isEmpty() ? Durability.PROCESS : Durability.SAFE;
        if (!waiters.isEmpty()) {
            awaiting = new ArrayList<>();
        }
        CompletableFuture<Void> all = null;
        Throwable failure = null;
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
                    ShardOwner owner = loops.owner(shard);
                    CompletableFuture<Void> done =
                            owner.commit(batch, durability).toCompletableFuture();
                    if (!done.isDone() || done.isCompletedExceptionally()) {
                        all = all == null ? done : CompletableFuture.allOf(all, done);
                    }
                    if (!owner.isWritable()) {
                        loops.congestedBy(owner);
                    }
                } catch (RuntimeException | LinkageError thrown) {
                    failure = thrown;
                }
            }
        }
        if (all == null || failure != null) {
            tell(waiters, failure);
        } else {
            all.whenComplete((none, thrown) -> tell(waiters, thrown));
        }
    }

    private void tell(List<Durable> waiters, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.error(
                    "Broker state not stored: {} (affected={})",
                    failure.toString(),
                    waiters.size());
        }
        for (int i = 0; i < waiters.size(); i++) {
            try {
                waiters.get(i).durable(failure);
            } catch (RuntimeException | LinkageError thrown) {
                failed("answer of the store", thrown);
            }
        }
    }

    /** Counts and logs what must not stop a loop that serves many. */
    public void failed(String what, Throwable failure) {
        counters.failures++;
        LOG.error("Failure in {} was contained (loop={})", what, slot, failure);
    }

    /** Calls something about four times a second. */
    public void add(Ticking what) {
        ticking.add(what);
    }

    /** Time of the last tick, about 250 ms exact. */
    public long tickNanos() {
        return nowNanos;
    }

    void tick(long holdNanos) {
        nowNanos = loops.ticker().nanos();
        for (int i = ticking.size() - 1; i >= 0; i--) {
            boolean again = true;
            try {
                again = ticking.get(i).tick(nowNanos);
            } catch (RuntimeException | LinkageError thrown) {
                failed("tick", thrown);
            }
            if (!again) {
                forget(ticking, i);
            }
        }
        for (int i = congested.size() - 1; i >= 0; i--) {
            if (!congested.get(i).giveUp(nowNanos, holdNanos)) {
                forget(congested, i);
            }
        }
    }

    private static <T> void forget(List<T> list, int index) {
        T last = list.remove(list.size() - 1);
        if (index < list.size()) {
            list.set(index, last);
        }
    }

    /** Something owned by this loop cannot take more: publishers wait for it. */
    public void congest(Congestion congestion) {
        if (congestion.begin(loops.ticker().nanos())) {
            congested.add(congestion);
        }
    }

    @Override
    public String toString() {
        return "Loop[" + slot + "]";
    }
}
