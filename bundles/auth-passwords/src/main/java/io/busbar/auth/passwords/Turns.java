package io.busbar.auth.passwords;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Lets a few jobs run at once, in the order in which they came, and a bounded number wait, for a
 * bounded time. Whoever gets no turn is told so at once, when its time is over, or when this is
 * closed; nobody waits for ever. Thread-safe.
 */
final class Turns implements AutoCloseable {
    private static final long IDLE_SECONDS = 30;

    private final Clock clock;
    private final AtomicInteger waiting = new AtomicInteger();
    private final ThreadPoolExecutor threads;
    private volatile Bounds bounds;

    Turns(Clock clock, Bounds bounds) {
        this.clock = clock;
        this.bounds = bounds;
        this.threads =
                new ThreadPoolExecutor(
                        bounds.atOnce(),
                        bounds.atOnce(),
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        // Bounded by the count of those that wait: a capacity cannot be changed.
                        new LinkedBlockingQueue<>(),
                        runnable -> {
                            Thread thread = new Thread(runnable, "busbar-password-hash");
                            thread.setDaemon(true);
                            thread.setPriority(Thread.MIN_PRIORITY); // below event loops
                            return thread;
                        });
        this.threads.allowCoreThreadTimeOut(true);
    }

    /** Other bounds from now on; what waits already keeps its place. */
    void change(Bounds changed) {
        bounds = changed;
        threads.setMaximumPoolSize(Math.max(changed.atOnce(), threads.getCorePoolSize()));
        threads.setCorePoolSize(changed.atOnce());
        threads.setMaximumPoolSize(changed.atOnce());
    }

    /**
     * Runs a job when it is its turn.
     *
     * @param noTurn what is answered, or thrown, if it gets none
     */
    <T> CompletionStage<T> take(Supplier<T> job, Supplier<T> noTurn) {
        Waiting<T> it = new Waiting<>(job, noTurn, clock.millis());
        if (waiting.incrementAndGet() > bounds.waiting()) {
            it.goAway();
        } else {
            try {
                threads.execute(it);
            } catch (RejectedExecutionException closed) {
                it.goAway();
            }
        }
        return it.answer;
    }

    int waiting() {
        return waiting.get();
    }

    /** How long a job may wait for its turn. */
    Duration longestWait() {
        return Duration.ofMillis(bounds.waitMillis());
    }

    @Override
    public void close() {
        for (Runnable left : threads.shutdownNow()) {
            ((Waiting<?>) left).goAway();
        }
    }

    private final class Waiting<T> implements Runnable {
        private final Supplier<T> job;
        private final Supplier<T> noTurn;
        private final long since;
        private final CompletableFuture<T> answer = new CompletableFuture<>();

        Waiting(Supplier<T> job, Supplier<T> noTurn, long since) {
            this.job = job;
            this.noTurn = noTurn;
            this.since = since;
        }

        @Override
        public void run() {
            if (clock.millis() - since > bounds.waitMillis()) {
                goAway();
            } else {
                waiting.decrementAndGet();
                complete(job);
            }
        }

        void goAway() {
            waiting.decrementAndGet();
            complete(noTurn);
        }

        private void complete(Supplier<T> how) {
            try {
                answer.complete(how.get());
            } catch (RuntimeException | Error failure) {
                answer.completeExceptionally(failure);
            }
        }
    }
}
