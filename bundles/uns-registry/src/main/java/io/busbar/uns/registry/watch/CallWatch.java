package io.busbar.uns.registry.watch;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Watches calls of other bundles' code on the threads of the namespace. A call costs a few writes
 * and a compare-and-set, and no look at the time. Thread-safe.
 */
public final class CallWatch implements AutoCloseable {
    private static final long LOOK_MILLIS = 100;

    /** What lies between two looks counts for no more: the whole process may have stood still. */
    private static final long MAX_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private final long timeoutNanos;
    private final List<Site> sites = new CopyOnWriteArrayList<>();
    private final ThreadLocal<Site> here = ThreadLocal.withInitial(this::open);
    private final ScheduledExecutorService looking;
    private long lastLook = System.nanoTime();

    /**
     * Starts to watch.
     *
     * @param timeoutMillis how long a call may take
     */
    public CallWatch(int timeoutMillis) {
        this.timeoutNanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        this.looking =
                Executors.newSingleThreadScheduledExecutor(
                        task -> {
                            Thread own = new Thread(task, "busbar-uns-watch");
                            own.setDaemon(true);
                            return own;
                        });
        looking.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private Site open() {
        Site site = new Site();
        sites.add(site);
        return site;
    }

    /**
     * A call begins on this thread. {@link #leave} has to follow if it is watched.
     *
     * @return whether it is watched; not if it is part of one that is
     */
    public boolean enter(Foreign callee) {
        Site site = here.get();
        if (site.isBusy()) {
            return false;
        }
        site.enter(callee);
        return true;
    }

    /** A call that is watched has ended on this thread. */
    public void leave() {
        here.get().leave();
    }

    private void look() {
        long now = System.nanoTime();
        long gap = Math.min(now - lastLook, MAX_GAP_NANOS);
        lastLook = now;
        for (Site site : sites) {
            site.look(gap, timeoutNanos);
        }
        sites.removeIf(Site::isOver);
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
