package io.busbar.mqtt.broker.loop;

import io.busbar.mqtt.broker.link.EventLoop;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An event loop of the broker's own: one thread that lives as long as the broker. */
public final class HomeLoop implements EventLoop, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HomeLoop.class);

    private static final int MOST = 4;

    private final ScheduledThreadPoolExecutor executor;
    private volatile Thread thread = Thread.currentThread();

    /** Starts one for each processor, up to a few. */
    public static List<HomeLoop> several() {
        int count = Math.min(MOST, Runtime.getRuntime().availableProcessors());
        return IntStream.range(0, count).mapToObj(number -> new HomeLoop()).toList();
    }

    /** Starts its thread. */
    public HomeLoop() {
        executor =
                new ScheduledThreadPoolExecutor(
                        1,
                        task -> {
                            Thread made = new Thread(task, "busbar-broker");
                            made.setDaemon(true);
                            thread = made;
                            return made;
                        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.prestartCoreThread();
    }

    @Override
    public int index() {
        return -1;
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void execute(Runnable action) {
        executor.execute(guarded(action));
    }

    /** It has no sockets to serve: whatever else waits comes first. */
    @Override
    public void executeNextTurn(Runnable action) {
        execute(action);
    }

    @Override
    public Timer schedule(Runnable action, long delayMillis) {
        ScheduledFuture<?> future =
                executor.schedule(guarded(action), delayMillis, TimeUnit.MILLISECONDS);
        return () -> future.cancel(false);
    }

    private static Runnable guarded(Runnable action) {
        return () -> {
            try {
                action.run();
            } catch (RuntimeException | LinkageError failure) {
                LOG.error("Failure on the broker's loop was contained", failure);
            }
        };
    }

    /** Finishes what is due and ends the thread. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            executor.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException ignored) {
            Thread.currentThread().interrupt();
        }
    }
}
