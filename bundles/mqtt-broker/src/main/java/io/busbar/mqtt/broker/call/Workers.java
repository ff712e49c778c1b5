package io.busbar.mqtt.broker.call;

import io.busbar.mqtt.broker.link.EventLoop;
import io.busbar.mqtt.broker.loop.Ticker;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which the broker calls other people's code that may block. They are made when they
 * are needed and end when they are idle. Each callee has a {@link Bulkhead}, which may use a
 * quarter of them; so one that hangs leaves threads for the others. Thread-safe.
 */
public final class Workers implements AutoCloseable {
    private static final long IDLE_SECONDS = 30;
    private static final int SHARE = 4;

    private final ThreadPoolExecutor threads;
    private final int share;
    private final int queue;
    private final Timers timers;
    private final Ticker ticker;

    /** Runs something after a delay. */
    @FunctionalInterface
    public interface Timers {
        /** Runs the action after a delay, unless it is cancelled. */
        EventLoop.Timer schedule(Runnable action, long delayMillis);
    }

    /**
     * Makes them; no thread runs yet.
     *
     * @param maxThreads how many there may be, 4 or more
     * @param queue how many calls of one callee may wait for a thread
     * @param timers where the deadlines of calls come from
     */
    public Workers(int maxThreads, int queue, Timers timers, Ticker ticker) {
        this.share = Math.max(1, maxThreads / SHARE);
        this.queue = queue;
        this.timers = timers;
        this.ticker = ticker;
        AtomicInteger made = new AtomicInteger();
        this.threads =
                new ThreadPoolExecutor(
                        0,
                        maxThreads,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        task -> {
                            Thread thread =
                                    new Thread(task, "busbar-provider-" + made.incrementAndGet());
                            thread.setDaemon(true);
                            // Not that of whoever happened to ask first, whose bundle may go.
                            thread.setContextClassLoader(Workers.class.getClassLoader());
                            return thread;
                        });
    }

    /** The calls of a callee. */
    public Bulkhead bulkhead(Callee callee) {
        return new Bulkhead(this, callee);
    }

    /** How many threads one callee may use. */
    int share() {
        return share;
    }

    /** How many of its calls may wait for one. */
    int queue() {
        return queue;
    }

    long nanos() {
        return ticker.nanos();
    }

    EventLoop.Timer schedule(Runnable action, long delayMillis) {
        return timers.schedule(action, delayMillis);
    }

    /** Runs a task on a thread of its own; false if there is none. */
    boolean start(Runnable task) {
        try {
            threads.execute(task);
            return true;
        } catch (RejectedExecutionException none) {
            return false;
        }
    }

    /** Interrupts what runs; nothing is called any more. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
