package io.busbar.web.door;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that run handlers, so that those of the web server only move bytes and are never
 * held: not by a service that takes its time, not by a client that does. What watches the server
 * has a lane of its own. One thread more looks after time. Thread-safe.
 */
final class Workers {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final int THREADS = 32;
    private static final int URGENT_THREADS = 2;
    private static final int URGENT_WAITING = 64;

    /** How many may wait is bounded by the requests in progress. Below event loops. */
    private final ExecutorService ordinary =
            pool("busbar-web", THREADS, Thread.MIN_PRIORITY, new LinkedBlockingQueue<>());

    private final ExecutorService urgent =
            pool(
                    "busbar-web-urgent",
                    URGENT_THREADS,
                    Thread.NORM_PRIORITY,
                    new LinkedBlockingQueue<>(URGENT_WAITING));
    private final ScheduledExecutorService time =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "busbar-web-time"));
    private final Set<Exchange> watched = ConcurrentHashMap.newKeySet();

    Workers() {
        everyHalfSecond(() -> watched.forEach(Exchange::checkTime));
    }

    /**
     * Runs a handler soon.
     *
     * @throws RejectedExecutionException if too many wait already, or the web has stopped
     */
    void run(boolean isUrgent, Runnable handler) {
        (isUrgent ? urgent : ordinary).execute(handler);
    }

    /** Looks at an exchange twice a second until {@link #unwatch}. */
    void watch(Exchange exchange) {
        watched.add(exchange);
    }

    void unwatch(Exchange exchange) {
        watched.remove(exchange);
    }

    void everyHalfSecond(Runnable task) {
        time.scheduleAtFixedRate(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException | LinkageError e) {
                        // A loop that serves many survives the failure of one.
                        LOG.warn("A look at the clock failed, the next follows", e);
                    }
                },
                500,
                500,
                TimeUnit.MILLISECONDS);
    }

    void close() {
        ordinary.shutdownNow();
        urgent.shutdownNow();
        time.shutdownNow();
    }

    private static ExecutorService pool(
            String name, int threads, int priority, LinkedBlockingQueue<Runnable> waiting) {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        30,
                        TimeUnit.SECONDS,
                        waiting,
                        task -> {
                            Thread thread = daemon(task, name);
                            thread.setPriority(priority);
                            return thread;
                        });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
