package io.busbar.mqtt.broker.call;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices what hangs on event loops, and on threads that call one thing only. Every loop looks at
 * the calls of all loops when it ticks, so one that is not stuck is enough. A call costs its loop
 * two plain writes and no look at the time: the time is counted here, from look to look. If the
 * whole process stood still, that is no hang: what lies between two looks counts for no more than
 * {@link #MAX_GAP_NANOS}. Thread-safe.
 */
public final class Watch {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final long GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long MAX_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final long timeoutNanos;
    private final List<CallSite> sites = new CopyOnWriteArrayList<>();
    private final ThreadLocal<CallSite> here = ThreadLocal.withInitial(this::open);
    private boolean begun;
    private long lastLook;

    /**
     * Makes one without sites.
     *
     * @param timeoutMillis how long a call may take before it counts as hanging
     */
    public Watch(int timeoutMillis) {
        this.timeoutNanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    }

    /** A new site for the current thread, an event loop. */
    public CallSite open() {
        return open(Place.EVENT_LOOP);
    }

    /** A new site for the current thread. */
    public CallSite open(Place place) {
        CallSite site = new CallSite(place);
        sites.add(site);
        return site;
    }

    /** The current thread's own site. */
    public CallSite here() {
        return here.get();
    }

    /** Looks, unless somebody did just now. Returns what loops hang in. */
    public synchronized List<Callee> look(long nowNanos) {
        long gap = nowNanos - lastLook;
        boolean due = !begun || gap >= GAP_NANOS;
        if (due) {
            lastLook = nowNanos;
        }
        List<Callee> hanging = new ArrayList<>();
        for (CallSite site : sites) {
            if (due) {
                look(site, begun ? Math.min(gap, MAX_GAP_NANOS) : 0, nowNanos);
            }
            Callee stuck = site.hangsIn;
            if (stuck != null && !hanging.contains(stuck)) {
                hanging.add(stuck);
            }
        }
        begun = true;
        return hanging;
    }

    private void look(CallSite site, long gap, long nowNanos) {
        Callee running = site.running();
        long call = site.call();
        if (running == null || call != site.watchedCall) {
            @Nullable Callee stuck = site.hangsIn;
            if (stuck != null) {
                stuck.returned(site.place(), nowNanos);
                site.hangsIn = null;
                LOG.warn("What hung has returned ({}, thread={})", stuck, site);
            }
            site.watchedCall = call;
            site.watchedNanos = 0;
            if (site.isOver()) {
                sites.remove(site);
            }
            return;
        }
        site.watchedNanos += gap;
        if (site.hangsIn == null && site.watchedNanos >= timeoutNanos) {
            site.hangsIn = running;
            running.hangs(site.place(), nowNanos - site.watchedNanos);
            LOG.error(
                    "A call hangs {} ({}, thread={}){}",
                    site.place() == Place.EVENT_LOOP
                            ? "and keeps an event loop from serving its clients; it is not called"
                                    + " until it returns"
                            : "on its own thread; what it is to be told waits, and is dropped if"
                                    + " it becomes too much",
                    running,
                    site,
                    site.trace());
        }
    }
}
