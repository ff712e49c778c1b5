package io.busbar.itests.fuzz;

import io.busbar.api.memory.MemoryAccount;
import io.busbar.mqtt.transport.loops.NettyLoop;
import io.busbar.mqtt.transport.loops.PartialPackets;
import io.busbar.testkit.time.ManualClock;
import io.busbar.testkit.time.ManualLoops;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;

/** An event loop of Netty without a thread: {@link ManualLoops} turns it. */
final class ManualNettyLoop extends SingleThreadEventLoop implements ManualLoops.Turning {
    private final ManualLoops loops;
    private final NettyLoop netty;
    private final Ticker ticker;

    ManualNettyLoop(ManualLoops loops, int index, PartialPackets partial, MemoryAccount names) {
        super(null, (Runnable never) -> {}, false);
        this.loops = loops;
        this.ticker = new ManualTicker(loops.clock());
        this.netty = new NettyLoop(index, this, partial, names);
    }

    /** The same as the transport and the broker see it. */
    NettyLoop netty() {
        return netty;
    }

    /** What is due, and then what has to be flushed at the end of the turn. */
    @Override
    public boolean turn() {
        boolean due = hasTasks() || nextScheduledTaskNano() == 0;
        if (due) {
            runAllTasks();
        }
        return due;
    }

    @Override
    public long nextTimerNanos() {
        long left = nextScheduledTaskNano();
        return left < 0 ? Long.MAX_VALUE : loops.clock().nanos() + left;
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        return loops.isOn(this);
    }

    @Override
    public void execute(Runnable task) {
        addTask(task);
    }

    @Override
    public void lazyExecute(Runnable task) {
        addTask(task);
    }

    @Override
    public Ticker ticker() {
        // Asked by the constructor of a superclass too.
        return ticker == null ? Ticker.systemTicker() : ticker;
    }

    private record ManualTicker(ManualClock clock) implements Ticker {
        @Override
        public long initialNanoTime() {
            return 0;
        }

        @Override
        public long nanoTime() {
            return clock.nanos();
        }

        @Override
        public void sleep(long delay, TimeUnit unit) {
            throw new IllegalStateException("no thread");
        }
    }

    @Override
    protected void run() {
        throw new IllegalStateException("no thread");
    }
}
