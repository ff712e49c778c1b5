package io.busbar.startup;

import java.time.Duration;

/** A wait that ends: with success, with a known obstacle, or with a message. */
final class Deadline {
    private static final Duration LOOK = Duration.ofMillis(50);

    private final long startedAt = System.nanoTime();
    private final Duration timeout;
    private final Check check;

    /** What is waited for. */
    interface Condition {
        boolean holds() throws CannotStartException;
    }

    /** Looks for what will not pass by waiting. */
    interface Check {
        /**
         * Looks once.
         *
         * @throws CannotStartException if there is such a thing
         */
        void run(Duration waited) throws CannotStartException;
    }

    /** Begins to wait. */
    Deadline(Duration timeout, Check check) {
        this.timeout = timeout;
        this.check = check;
    }

    /**
     * Waits until a condition holds.
     *
     * @param what names it in the message, if it never does
     */
    void await(Condition condition, String what) throws CannotStartException, InterruptedException {
        while (!condition.holds()) {
            Duration waited = Duration.ofNanos(System.nanoTime() - startedAt);
            check.run(waited);
            if (waited.compareTo(timeout) > 0) {
                throw new CannotStartException(
                        "gave up waiting for "
                                + what
                                + " after "
                                + timeout.toSeconds()
                                + " s: log/busbar.log in the data folder says why");
            }
            Thread.sleep(LOOK.toMillis());
        }
    }
}
