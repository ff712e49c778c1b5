package io.busbar.mqtt.transport;

import io.busbar.mqtt.transport.loops.NettyLoop;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.Ticker;

/**
 * An event loop without a thread: its turns and its time are in the hand of a {@link HandLoops}.
 */
final class HandLoop extends SingleThreadEventLoop {
    private final HandLoops loops;
    private final NettyLoop netty;

    HandLoop(HandLoops loops, int index) {
        super(null, (Runnable never) -> {}, false);
        this.loops = loops;
        this.netty = new NettyLoop(index, this, loops.partial);
    }

    /** The same as the transport and the broker see it. */
    NettyLoop netty() {
        return netty;
    }

    /** One turn: what is due, and what has to be flushed at its end. False if nothing is due. */
    boolean turn() {
        boolean[] due = new boolean[1];
        loops.on(
                this,
                () -> {
                    due[0] = hasTasks() || nextScheduledTaskNano() == 0;
                    if (due[0]) {
                        runAllTasks();
                    }
                });
        return due[0];
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        return loops.current() == this;
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
        return loops == null ? Ticker.systemTicker() : loops.netty();
    }

    @Override
    protected void run() {
        throw new IllegalStateException("no thread");
    }
}
