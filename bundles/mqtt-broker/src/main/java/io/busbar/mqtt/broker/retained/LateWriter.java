package io.busbar.mqtt.broker.retained;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.mqtt.broker.limit.RetainedLimits;
import io.busbar.mqtt.broker.loop.Background;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.loop.Loops;
import io.busbar.mqtt.broker.loop.Shards;
import io.busbar.mqtt.broker.memory.BrokerMemory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the changes that are not written, and writes those that nobody was told to be safe: all of
 * the last so many milliseconds together, of each topic the latest. If changes become too many
 * bytes, publishers wait until they are written; if the store cannot write, further ones are
 * refused. What waits stays until it can be written. Thread-safe; it writes on the broker's own
 * loop.
 */
final class LateWriter {
    private static final int STEPS_PER_CHANGE = 16;

    /** Bytes of a change that is small, such as any removal of a topic of usual length. */
    private static final int SMALL = 8 << 10;

    private final Loops loops;
    private final Loop home;
    private final Shards shards;
    private final int millis;
    private final long most;
    private final MemoryAccount account;
    private final BiConsumer<Loop, Pending> writer;
    private final Queue<Pending> line = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean planned = new AtomicBoolean();

    /** What is decided about holding publishers is done in one piece with it. */
    private final Object gate = new Object();

    private volatile boolean holding;

    /** Whether room is waited for. Confined to the loop. */
    private boolean waiting;

    /** What has to be written, and what is being written of it. */
    private final AtomicLong bytes = new AtomicLong();

    private final Background.Work work =
            new Background.Work() {
                @Override
                public boolean goOn(Background.Allowance allowance) {
                    while (!allowance.isUsedUp()) {
                        if (isWaiting() || !writeOne()) {
                            return false;
                        }
                        allowance.spend(STEPS_PER_CHANGE);
                    }
                    return true;
                }

                @Override
                public void failed() {
                    plan();
                }
            };

    /**
     * Makes one.
     *
     * @param writer writes a change with the turn of the loop
     */
    LateWriter(
            Loops loops,
            Shards shards,
            RetainedLimits limits,
            BrokerMemory memory,
            BiConsumer<Loop, Pending> writer) {
        this.loops = loops;
        this.home = loops.home();
        this.shards = shards;
        this.millis = limits.writeMillis();
        this.most = memory.passing(limits.writeBytes());
        this.account = memory.changes();
        account.keepFree(2 * most); // a little more than the most is taken
        this.writer = writer;
    }

    /**
     * Whether there may be one more change that is not written. If there is too much already,
     * publishers are held; a little more is taken of what they have sent by then.
     *
     * @param known the change of the same topic that it takes the place of, or null
     * @param inTurn whether it is written with the turn at hand: then a small one is always taken,
     *     because it leaves as soon as the store can write
     */
    boolean hasRoom(@Nullable Pending known, long cost, boolean inTurn) {
        long now = bytes.get();
        long then = now + cost - (known == null ? 0 : known.cost);
        if (then <= most || then <= now || now == 0) {
            return true;
        }
        boolean small = inTurn && cost <= SMALL;
        if (home.storeTrouble() != null) {
            return small;
        }
        hold();
        return small || then <= 2 * most;
    }

    /** Whether it has little to do, so that work that can wait may give it more. */
    boolean isIdle() {
        return bytes.get() <= most / 2 && home.storeTrouble() == null;
    }

    private void hold() {
        synchronized (gate) {
            if (holding) {
                return;
            }
            holding = true;
            shards.hold(most / 2);
        }
        home.execute(this::write);
        wrote(); // in case that nothing was left by then
    }

    private void release() {
        synchronized (gate) {
            if (holding) {
                holding = false;
                shards.release();
            }
        }
    }

    /** The cost of a change; under the lock of its stripe, as is what follows. */
    void costs(Pending pending, long cost) {
        count(cost - pending.cost);
        pending.cost = cost;
    }

    private void count(long more) {
        bytes.addAndGet(more);
        account.add(more);
    }

    /** A change has to be written. */
    void add(Pending pending) {
        pending.dirty = true;
        if (!pending.queued) {
            pending.queued = true;
            line.add(pending);
            plan();
        }
    }

    /** A change is written, and over. */
    void done(Pending pending) {
        count(-pending.cost);
    }

    /** Something was written. */
    void wrote() {
        if (holding && bytes.get() <= most / 2) {
            release();
        }
    }

    private void plan() {
        if (planned.compareAndSet(false, true)) {
            home.execute(() -> loops.schedule(this::write, millis));
        }
    }

    private void write() {
        planned.set(false);
        if (home.storeTrouble() != null) {
            release(); // from now on they are refused
            planned.set(true);
            home.onceWritten(this::write);
            return;
        }
        home.background().begin(work);
        if (holding) {
            plan(); // to see whether there is trouble meanwhile
        }
    }

    /** Whether what is on its way to the store has to arrive first; only on the loop. */
    private boolean isWaiting() {
        if (!waiting) {
            waiting = home.waitForRoom(this::roomCame);
        }
        return waiting;
    }

    private void roomCame() {
        waiting = false;
        write();
    }

    private boolean writeOne() {
        Pending next = line.peek();
        if (next == null) {
            return false;
        }
        writer.accept(home, next);
        line.poll();
        return true;
    }

    /** Writes everything with this turn. */
    void writeAll() {
        while (writeOne()) {
            // The next one.
        }
    }
}
