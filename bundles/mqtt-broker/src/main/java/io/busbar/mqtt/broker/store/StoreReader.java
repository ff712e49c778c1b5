package io.busbar.mqtt.broker.store;

import io.busbar.api.storage.StorageException;
import io.busbar.mqtt.broker.loop.Loop;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Reads from the store on a few threads of its own, because a read may wait for a disk, and hands
 * what it has read back to the loop that asked. Reads are done in the order in which they were
 * asked for. Whoever asks has only one read under way at a time, so that no more wait than there
 * are connections and sessions. Thread-safe.
 */
public final class StoreReader implements AutoCloseable {
    private static final int MOST_THREADS = 8;
    private static final int IDLE_SECONDS = 30;
    private static final int CLOSE_SECONDS = 3;

    private final ThreadPoolExecutor threads;

    /** Is told what was read, on the loop that asked. */
    @FunctionalInterface
    public interface Then<T> {
        /**
         * It was read, or it could not be.
         *
         * @param result what was read; null if it failed
         * @param failure why it failed, or null
         */
        void read(@Nullable T result, @Nullable Throwable failure);
    }

    /** Makes one; its threads are made when they are needed, and end when they are not. */
    public StoreReader() {
        int most = Math.max(2, Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()));
        AtomicInteger number = new AtomicInteger();
        threads =
                new ThreadPoolExecutor(
                        most,
                        most,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> {
                            Thread made =
                                    new Thread(
                                            task, "busbar-store-read-" + number.incrementAndGet());
                            made.setDaemon(true);
                            made.setPriority(Thread.MIN_PRIORITY); // below event loops
                            return made;
                        });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Reads something.
     *
     * @param at the loop on which {@code then} is called
     * @param read reads, on a thread where it may wait; must not touch what belongs to the loop
     * @param then is called once, also if the broker is closed before it was read
     */
    public <T> void read(Loop at, Callable<T> read, Then<T> then) {
        try {
            threads.execute(() -> run(at, read, then));
        } catch (RejectedExecutionException closed) {
            at.execute(
                    () ->
                            then.read(
                                    null,
                                    new StorageException(
                                            StorageException.Kind.GONE, "the broker is closed")));
        }
    }

    /** Reads on the thread of the caller, for a store that answers at once. */
    public static <T> void readHere(Loop at, Callable<T> read, Then<T> then) {
        run(at, read, then);
    }

    private static <T> void run(Loop at, Callable<T> read, Then<T> then) {
        T result = null;
        Throwable failure = null;
        try {
            result = read.call();
        } catch (Exception | LinkageError thrown) {
            failure = thrown;
        }
        T found = result;
        Throwable why = failure;
        at.execute(() -> then.read(found, why));
    }

    /** Does what waits already, for a few seconds at most; then nothing more is read. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException stopped) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
