package io.busbar.testkit.time;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Waits until other threads, or other processes, have done something, up to a deadline. It looks
 * every millisecond at first, and more seldom the longer it takes.
 */
public final class Await {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** It is noticed this part of the time waited too late, at most. */
    private static final int PRECISION = 50;

    private final long start = System.nanoTime();
    private final Condition condition;
    private @Nullable Exception last;

    private Await(Condition condition) {
        this.condition = condition;
    }

    /** A condition that is expected to become true soon. */
    @FunctionalInterface
    public interface Condition {
        /**
         * Whether it is so. An exception means not yet, as of a server that does not listen; an
         * {@link AssertionError} ends the waiting.
         */
        boolean holds() throws Exception;
    }

    /** Waits until it holds; fails if it does not within 15 seconds. */
    public static void until(Condition condition) {
        until("what was waited for", LIMIT, condition);
    }

    /**
     * Waits until it holds; fails if it does not within the limit.
     *
     * @param what what is waited for, for the message
     */
    public static void until(String what, Duration limit, Condition condition) {
        Await await = new Await(condition);
        if (!await.await(limit)) {
            throw new AssertionError("not within " + limit.toMillis() + " ms: " + what, await.last);
        }
    }

    /** Waits until it holds, but not longer than the limit; returns whether it does. */
    public static boolean within(Duration limit, Condition condition) {
        return new Await(condition).await(limit);
    }

    private boolean await(Duration limit) {
        while (!holds()) {
            long waited = System.nanoTime() - start;
            if (waited > limit.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(
                    Math.min(
                            LONGEST_PAUSE_NANOS,
                            Math.max(SHORTEST_PAUSE_NANOS, waited / PRECISION)));
        }
        return true;
    }

    private boolean holds() {
        try {
            last = null;
            return condition.holds();
        } catch (Exception notYet) {
            last = notYet;
            return false;
        }
    }
}
