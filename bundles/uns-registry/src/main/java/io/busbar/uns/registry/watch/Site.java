package io.busbar.uns.registry.watch;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one thread is in the middle of. A call that takes too long is interrupted: these threads are
 * no event loops. The interrupt never reaches what the thread does after the call.
 */
final class Site {
    private static final Logger LOG = LoggerFactory.getLogger(Site.class);
    private static final int FRAMES = 12;

    private static final int IDLE = 0;
    private static final int RUNNING = 1;
    private static final int INTERRUPTING = 2;
    private static final int INTERRUPTED = 3;

    private final Thread thread = Thread.currentThread();
    private final AtomicInteger state = new AtomicInteger();
    private volatile @Nullable Foreign running;
    private volatile long call;

    // The watch's own notes.
    private long watchedCall;
    private long watchedNanos;

    /** Whether a call runs that is watched already. */
    boolean isBusy() {
        return running != null;
    }

    void enter(Foreign callee) {
        long next = call + 1; // only this thread writes it
        call = next;
        running = callee;
        state.set(RUNNING);
    }

    void leave() {
        Foreign callee = running;
        running = null;
        while (!state.compareAndSet(RUNNING, IDLE)) {
            if (state.get() == INTERRUPTED) {
                Thread.interrupted();
                state.set(IDLE);
                if (callee != null) {
                    callee.returned(System.nanoTime());
                    LOG.warn("A call that hung has returned ({}, thread={})", callee, thread);
                }
                return;
            }
            Thread.onSpinWait();
        }
    }

    /**
     * Interrupts the call that runs if it takes too long; once.
     *
     * @param gapNanos for how long nobody looked
     */
    void look(long gapNanos, long timeoutNanos) {
        Foreign callee = running;
        long current = call;
        if (callee == null || current != watchedCall) {
            watchedCall = current;
            watchedNanos = 0;
            return;
        }
        watchedNanos += gapNanos;
        if (watchedNanos < timeoutNanos || !state.compareAndSet(RUNNING, INTERRUPTING)) {
            return;
        }
        if (call != current) {
            state.set(RUNNING); // another call by now
            return;
        }
        callee.hangs(System.nanoTime() - watchedNanos);
        StringBuilder trace = new StringBuilder();
        StackTraceElement[] stack = thread.getStackTrace();
        for (int i = 0; i < Math.min(FRAMES, stack.length); i++) {
            trace.append("\n\tat ").append(stack[i]);
        }
        thread.interrupt();
        state.set(INTERRUPTED);
        LOG.error(
                "A call of the namespace hangs and is interrupted; it is not made for a while"
                        + " ({}, thread={}, ms={}){}",
                callee,
                thread.getName(),
                TimeUnit.NANOSECONDS.toMillis(timeoutNanos),
                trace);
    }

    boolean isOver() {
        return !thread.isAlive();
    }
}
