package io.busbar.testkit.time;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits until other threads have done something, up to a deadline. */
public final class Await {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private Await() {}

    /** A condition that is expected to become true soon. */
    @FunctionalInterface
    public interface Condition {
        /** Whether it is so; an exception ends the waiting. */
        boolean holds() throws Exception;
    }

    /** Waits until it holds; fails if it does not within 15 seconds. */
    public static void until(Condition condition) {
        long start = System.nanoTime();
        while (!holds(condition)) {
            if (System.nanoTime() - start > LIMIT.toNanos()) {
                throw new AssertionError("not within " + LIMIT.toSeconds() + " s");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static boolean holds(Condition condition) {
        try {
            return condition.holds();
        } catch (Exception e) {
            throw new AssertionError("failed while it was waited for", e);
        }
    }
}
