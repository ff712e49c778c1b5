package io.busbar.startup;

import java.time.Duration;

/**
 * A wait that ends: with success, with a known obstacle, or with a message. Patience is lost only
 * while the process does next to nothing: a server that reads a large namespace on a slow machine
 * comes up in the end, one that waits for something does not.
 */
final class Deadline {
    /** So many times the timeout, and it ends, however busy the process is. */
    private static final int MOST = 20;

    /** Whoever takes less than this part of a processor waits. */
    private static final int BUSY = 20;

    private static final long PERIOD_NANOS = Duration.ofSeconds(1).toNanos();

    private final Duration timeout;
    private final Check check;
    private final Time time;
    private final long startedAt;
    private long idleNanos;
    private long periodBegan;
    private long cpuBefore;

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

    /** What passes meanwhile. */
    interface Time {
        /** Time of the machine. */
        long nanos();

        /** Time that this process had a processor. */
        long cpuNanos();

        /** Lets a moment pass. */
        void pause() throws InterruptedException;

        /** That of this process. */
        Time SYSTEM =
                new Time() {
                    @Override
                    public long nanos() {
                        return System.nanoTime();
                    }

                    @Override
                    public long cpuNanos() {
                        return ProcessHandle.current()
                                .info()
                                .totalCpuDuration()
                                .orElse(Duration.ZERO)
                                .toNanos();
                    }

                    @Override
                    public void pause() throws InterruptedException {
                        Thread.sleep(50);
                    }
                };
    }

    /** Begins to wait. */
    Deadline(Duration timeout, Check check, Time time) {
        this.timeout = timeout;
        this.check = check;
        this.time = time;
        this.startedAt = time.nanos();
        this.periodBegan = startedAt;
        this.cpuBefore = time.cpuNanos();
    }

    /**
     * Waits until a condition holds.
     *
     * @param what names it in the message, if it never does
     */
    void await(Condition condition, String what) throws CannotStartException, InterruptedException {
        while (!condition.holds()) {
            long now = time.nanos();
            Duration waited = Duration.ofNanos(now - startedAt);
            check.run(waited);
            look(now);
            if (idleNanos >= timeout.toNanos()
                    || waited.compareTo(timeout.multipliedBy(MOST)) > 0) {
                throw new CannotStartException(
                        "gave up waiting for "
                                + what
                                + " after "
                                + waited.toSeconds()
                                + " s: log/busbar.log in the data folder says why");
            }
            time.pause();
        }
    }

    /** Finds out once a second whether the process works or waits. */
    private void look(long now) {
        long period = now - periodBegan;
        if (period >= PERIOD_NANOS) {
            long cpu = time.cpuNanos();
            if ((cpu - cpuBefore) * BUSY < period) {
                idleNanos += period;
            }
            cpuBefore = cpu;
            periodBegan = now;
        }
    }
}
