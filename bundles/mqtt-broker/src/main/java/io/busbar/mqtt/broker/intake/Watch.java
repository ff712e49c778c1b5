package io.busbar.mqtt.broker.intake;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices interceptors that hang. Every loop looks at the calls of all loops when it ticks, so one
 * that is not stuck is enough. A call costs its loop two plain writes and no look at the time: the
 * time is counted here, from look to look. If the whole process stood still, that is no hang: what
 * lies between two looks counts for no more than {@link #MAX_GAP_NANOS}.
 */
final class Watch {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final long GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long MAX_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int FRAMES = 12;

    private final long timeoutNanos;
    private boolean begun;
    private long lastLook;

    Watch(int timeoutMillis) {
        this.timeoutNanos = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    }

    /** Looks, unless somebody did just now. Returns the interceptors in which loops hang. */
    synchronized List<Standing> look(long nowNanos, List<Desk> desks) {
        long gap = nowNanos - lastLook;
        boolean due = !begun || gap >= GAP_NANOS;
        if (due) {
            lastLook = nowNanos;
        }
        List<Standing> hanging = new ArrayList<>();
        for (Desk desk : desks) {
            if (due) {
                look(desk, begun ? Math.min(gap, MAX_GAP_NANOS) : 0, nowNanos);
            }
            Standing stuck = desk.hangsIn;
            if (stuck != null && !hanging.contains(stuck)) {
                hanging.add(stuck);
            }
        }
        begun = true;
        return hanging;
    }

    private void look(Desk desk, long gap, long nowNanos) {
        Standing running = desk.running();
        long call = desk.call();
        if (running == null || call != desk.watchedCall) {
            Standing stuck = desk.hangsIn;
            if (stuck != null) {
                stuck.returned(nowNanos);
                desk.hangsIn = null;
                LOG.warn(
                        "Publish interceptor that hung has returned (interceptor={}, loop={})",
                        stuck.name(),
                        desk);
            }
            desk.watchedCall = call;
            desk.watchedNanos = 0;
            return;
        }
        desk.watchedNanos += gap;
        if (desk.hangsIn == null && desk.watchedNanos >= timeoutNanos) {
            desk.hangsIn = running;
            running.hangs(nowNanos - desk.watchedNanos);
            LOG.error(
                    "Publish interceptor hangs and keeps an event loop from serving its clients; it"
                            + " is not asked until it returns (interceptor={}, loop={}){}",
                    running.name(),
                    desk,
                    desk.trace(FRAMES));
        }
    }
}
