package io.busbar.testkit.time;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits for what other threads do, and not longer than a deadline. */
public final class Await {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private Await() {}

    /** Something that will be so soon; an exception means that it is not yet. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    /** Waits until it holds; fails if it does not within 15 seconds. */
    public static void until(Condition condition) {
        until(LIMIT, condition);
    }

    /** Waits until it holds; fails if it does not in time. */
    public static void until(Duration limit, Condition condition) {
        long start = System.nanoTime();
        while (true) {
            Exception notYet = null;
            try {
                if (condition.holds()) {
                    return;
                }
            } catch (Exception thrown) {
                notYet = thrown;
            }
            if (System.nanoTime() - start > limit.toNanos()) {
                throw late(limit, notYet);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static AssertionError late(Duration limit, @Nullable Exception last) {
        return new AssertionError("not within " + limit.toMillis() + " ms", last);
    }
}
