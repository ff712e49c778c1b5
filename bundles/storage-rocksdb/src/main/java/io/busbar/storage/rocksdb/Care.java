package io.busbar.storage.rocksdb;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Does the housekeeping of a store on one thread: looks at the disk, and sweeps. */
final class Care implements AutoCloseable {
    private static final long LOOK_MILLIS = 1_000;
    private static final long COMPACT_SECONDS = 60;

    private final Database database;
    private final SpaceGuard guard;
    private final BodySweeper sweeper;
    private final Runnable afterLook;
    private final ScheduledThreadPoolExecutor executor;

    /**
     * Begins.
     *
     * @param afterLook called after each look at the disk
     */
    Care(Database database, SpaceGuard guard, BodySweeper sweeper, Runnable afterLook) {
        this(
                database,
                guard,
                sweeper,
                afterLook,
                new ScheduledThreadPoolExecutor(
                        1,
                        task -> {
                            Thread thread = new Thread(task, "busbar-storage-care");
                            thread.setDaemon(true);
                            return thread;
                        }));
    }

    /** For tests, which have an executor of their own. */
    Care(
            Database database,
            SpaceGuard guard,
            BodySweeper sweeper,
            Runnable afterLook,
            ScheduledThreadPoolExecutor executor) {
        this.database = database;
        this.guard = guard;
        this.sweeper = sweeper;
        this.afterLook = afterLook;
        this.executor = executor;
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.scheduleWithFixedDelay(
                this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        executor.scheduleWithFixedDelay(
                this::compact, COMPACT_SECONDS, COMPACT_SECONDS, TimeUnit.SECONDS);
        executor.schedule(this::sweep, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        guard.look();
        afterLook.run();
    }

    private void compact() {
        if (guard.trouble() != null) {
            Compaction.suggest(database);
        }
    }

    private void sweep() {
        long rest = sweeper.sweep();
        if (!executor.isShutdown()) {
            executor.schedule(this::sweep, rest, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void close() {
        executor.shutdown();
        try {
            executor.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
