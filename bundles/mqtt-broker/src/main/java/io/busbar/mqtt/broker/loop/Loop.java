package io.busbar.mqtt.broker.loop;

import io.busbar.api.mqtt.Message;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StoreBatch;
import io.busbar.mqtt.broker.link.EventLoop;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import io.busbar.mqtt.broker.memory.Meter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event loop as the broker uses it. All changes during one turn are collected in one batch per
 * shard of the store and committed at the end of the turn. Confined to its event loop, except for
 * {@link #execute}.
 *
 * <p>If the transport has ended the underlying event loop, the broker's own loop does the remaining
 * work, and what is due later.
 */
public final class Loop {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private static final long TICK_MILLIS = 250;

    /** A loop that has not ticked for so long may have ended. */
    private static final long SILENT_NANOS = 1_000_000_000;

    /** Deadlines that one turn calls; each may be the end of a connection, with its will. */
    private static final int MOST_DEADLINES = 64;

    private final int slot;
    private final EventLoop events;
    private final @Nullable Loop home;
    private final Ticker ticker;
    private final long holdNanos;
    private final Runnable eachTick;
    private final Counters counters = new Counters();
    private final Runnable endOfTurn = this::endTurn;
    private final List<Runnable> turnEnds = new ArrayList<>();
    private final Deadlines deadlines = new Deadlines();
    private List<Runnable> atTick = new ArrayList<>();
    private final List<Congestion> congested = new ArrayList<>();
    private final Shards shards;
    private final OnTheWay onTheWay;
    private final TurnBatch batch;
    private final Background background = new Background(this);
    private long steps;
    private final BrokerMemory memory;
    private final Meter queues;
    private final ArrayDeque<Runnable> goingOn = new ArrayDeque<>();
    private boolean turnScheduled;
    private volatile boolean ended;
    private volatile long tickedAtNanos;

    /**
     * Makes one.
     *
     * @param home takes over when the event loop has ended; null for the broker's own loop
     * @param onTheWay counts what it writes until it is written
     * @param holdNanos how long something of this loop may slow down publishers
     * @param eachTick what it does at every tick, with all others
     */
    Loop(
            int slot,
            EventLoop events,
            @Nullable Loop home,
            Shards shards,
            OnTheWay onTheWay,
            BrokerMemory memory,
            Ticker ticker,
            long holdNanos,
            Runnable eachTick) {
        this.slot = slot;
        this.events = events;
        this.home = home;
        this.ticker = ticker;
        this.holdNanos = holdNanos;
        this.eachTick = eachTick;
        this.shards = shards;
        this.onTheWay = onTheWay;
        this.batch = new TurnBatch(shards, onTheWay, this::execute, this::failed);
        this.memory = memory;
        this.queues = new Meter(memory.queues());
    }

    void start() {
        tickedAtNanos = ticker.nanos();
        scheduleTick();
    }

    /**
     * Ticks in the place of an event loop that has ended; called on the broker's own loop whenever
     * that ticks. Nothing says that it has ended but that it takes nothing any more.
     */
    void tickIfEnded() {
        if (home == null) {
            return;
        }
        if (!ended && ticker.nanos() - tickedAtNanos > SILENT_NANOS) {
            execute(() -> {});
        }
        if (ended) {
            tick();
        }
    }

    private void scheduleTick() {
        try {
            events.schedule(this::tickAgain, TICK_MILLIS);
        } catch (RejectedExecutionException gone) {
            ended = true;
        }
    }

    private void tickAgain() {
        tick();
        scheduleTick();
    }

    /** A small number of its own, for arrays by loop. */
    public int slot() {
        return slot;
    }

    public Counters counters() {
        return counters;
    }

    /** What clients hold of the memory; any thread. */
    public BrokerMemory memory() {
        return memory;
    }

    /** What its sessions are owed: {@link BrokerMemory#queues}, for this loop only. */
    public Meter queues() {
        return queues;
    }

    /** Whether the caller is on this loop. */
    public boolean inLoop() {
        return events.inLoop() || ended && home != null && home.events.inLoop();
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
            if (home != null) {
                home.execute(action);
            }
        }
    }

    /** Runs the action on this loop when its sockets were served once more; called on it. */
    void executeNextTurn(Runnable action) {
        try {
            events.executeNextTurn(action);
        } catch (RejectedExecutionException gone) {
            ended = true;
            if (home != null) {
                home.execute(action);
            }
        }
    }

    /** What is done in portions, because it is too much for one turn. */
    public Background background() {
        return background;
    }

    /**
     * Counts work in steps of about 0.1 to 0.2 µs, so that whoever caused it can be told from the
     * others.
     */
    public void spend(int more) {
        steps += more;
        background.beside(more);
    }

    /** Counts work that {@link Background} has allowed. */
    void spendAllowed(int more) {
        steps += more;
    }

    /**
     * Whether this turn has so many steps left for what its sockets bring. Who can put work off
     * puts it off if not.
     */
    public boolean hasTime(int more) {
        return background.hasTimeBeside(more);
    }

    /** How many steps of work were counted. */
    public long spent() {
        return steps;
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
        touch();
        return batch.of(clientId);
    }

    /** The batch of a shard in this turn. */
    public StoreBatch batchOf(int shard) {
        touch();
        return batch.of(shard);
    }

    /** The number of a shard below all that can be used now: {@link Shards#firstNumber}. */
    public long firstNumber(int shard) {
        return Shards.firstNumber(shards.owner(shard));
    }

    /**
     * The batch for a Retained Message of a topic: always the same shard, so that changes of one
     * topic keep their order.
     */
    public StoreBatch retainedBatch(String topic) {
        touch();
        return batch.of(topic);
    }

    /**
     * Lets a publisher go on that waited. One comes after what the one before has sent was taken:
     * what it sent may be enough for all to wait again.
     */
    public void letGoOn(Runnable publisher) {
        goingOn.add(publisher);
        if (goingOn.size() == 1) {
            execute(this::letNextGoOn);
        }
    }

    private void letNextGoOn() {
        try {
            goingOn.element().run();
        } catch (RuntimeException | LinkageError failure) {
            failed("going on", failure);
        } finally {
            goingOn.remove();
            if (!goingOn.isEmpty()) {
                executeNextTurn(this::letNextGoOn); // when its socket was read
            }
        }
    }

    /**
     * Runs an action on this loop as soon as less is on its way to the store.
     *
     * @return false if it is little, and nobody has to wait: then it does not run
     */
    public boolean waitForRoom(Runnable action) {
        return onTheWay.waitForRoom(() -> execute(action));
    }

    /** Puts the message into the batch, once. */
    public int numberOf(StoreBatch into, Message message) {
        return batch.numberOf(into, message);
    }

    /** Tells the waiter when what this turn wrote is durable. */
    public void await(Durable waiter) {
        batch.await(waiter);
        touch();
    }

    /**
     * Runs an action on this loop when what this turn wrote is durable, however long the store
     * cannot write: what it could not write it writes later.
     */
    public void onceDurable(Runnable action) {
        await(
                failure -> {
                    if (failure == null) {
                        action.run();
                    } else {
                        onceWritten(action);
                    }
                });
    }

    /** Runs an action on this loop when the store has written all that it could not write. */
    public void onceWritten(Runnable action) {
        shards.whenWritten(() -> execute(action));
    }

    /**
     * Tells the waiter when what this turn wrote can be read, however long the store cannot write;
     * or that it failed for another reason. For an action {@link #atTurnEnd}: it asks for nothing
     * to be durable.
     */
    public void onceVisible(Durable waiter) {
        batch.follow(
                failure -> {
                    if (failure instanceof StorageException) {
                        onceWritten(() -> waiter.durable(null));
                    } else {
                        waiter.durable(failure);
                    }
                });
    }

    /**
     * Why the store cannot write at present, or null if it can. What a client is told to be safe
     * must not be begun now.
     */
    public @Nullable StorageException storeTrouble() {
        return shards.trouble();
    }

    /**
     * Tells the waiter when everything is visible that this loop has written for a Client
     * Identifier, in this turn and before; or that it could not be stored for the time being.
     */
    public void settled(String clientId, Durable waiter) {
        batch.settle(clientId, waiter);
        touch();
    }

    /** Whether the waiter is the last that was told of this turn. */
    public boolean isLastAwaiting(Durable waiter) {
        return batch.isLastAwaiting(waiter);
    }

    private void endTurn() {
        turnScheduled = false;
        endTurnNow();
    }

    /** Hands over and commits what was gathered so far; called on it. */
    public void endTurnNow() {
        for (int i = 0; i < turnEnds.size(); i++) {
            try {
                turnEnds.get(i).run();
            } catch (RuntimeException | LinkageError failure) {
                failed("end of turn", failure);
            }
        }
        batch.commit();
    }

    /** Counts and logs what must not stop a loop that serves many. */
    public void failed(String what, Throwable failure) {
        counters.failures++;
        LOG.error("Failure in {} was contained (loop={})", what, slot, failure);
    }

    /** Runs something once, within about 250 ms. */
    public void atNextTick(Runnable action) {
        atTick.add(action);
    }

    /** A deadline of this loop; none is set yet. */
    public Deadlines.Deadline deadline(Deadlines.Due due) {
        return deadlines.of(due);
    }

    void tick() {
        long nowNanos = ticker.nanos();
        tickedAtNanos = nowNanos;
        queues.tell();
        eachTick.run();
        fireDeadlines();
        List<Runnable> actions = atTick;
        if (!actions.isEmpty()) {
            atTick = new ArrayList<>();
            for (int i = 0; i < actions.size(); i++) {
                try {
                    actions.get(i).run();
                } catch (RuntimeException | LinkageError thrown) {
                    failed("tick", thrown);
                }
            }
        }
        for (int i = congested.size() - 1; i >= 0; i--) {
            if (!congested.get(i).giveUp(nowNanos, holdNanos)) {
                forgetCongested(i);
            }
        }
    }

    private void fireDeadlines() {
        if (deadlines.fire(ticker.nanos(), MOST_DEADLINES, thrown -> failed("deadline", thrown))) {
            executeNextTurn(this::fireDeadlines);
        }
    }

    private void forgetCongested(int index) {
        Congestion last = congested.remove(congested.size() - 1);
        if (index < congested.size()) {
            congested.set(index, last);
        }
    }

    /** Something owned by this loop cannot take more: publishers wait for it. */
    public void congest(Congestion congestion) {
        if (congestion.begin(ticker.nanos())) {
            congested.add(congestion);
        }
    }

    @Override
    public String toString() {
        return "Loop[" + slot + "]";
    }
}
