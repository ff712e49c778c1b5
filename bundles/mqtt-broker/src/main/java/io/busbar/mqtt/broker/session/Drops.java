package io.busbar.mqtt.broker.session;

import io.busbar.api.broker.DropCause;
import io.busbar.mqtt.broker.loop.Loop;

/**
 * What one session did not get, by cause: counted at once, told when its loop looks at the time.
 * Thread-safe, because a session that moved may still be looked at by its old loop.
 */
final class Drops {
    private static final DropCause[] CAUSES = DropCause.values();

    private final String clientId;
    private final DropListener listener;
    private final long[] untold = new long[CAUSES.length];
    private boolean waiting;

    Drops(String clientId, DropListener listener) {
        this.clientId = clientId;
        this.listener = listener;
    }

    /** So many more; on the session's loop. */
    synchronized void add(Loop loop, DropCause cause, long count) {
        loop.counters().drop(cause, count);
        untold[cause.ordinal()] += count;
        if (!waiting) {
            waiting = true;
            loop.atNextTick(this::tell);
        }
    }

    private synchronized void tell() {
        for (DropCause cause : CAUSES) {
            long count = untold[cause.ordinal()];
            if (count > 0) {
                untold[cause.ordinal()] = 0;
                listener.dropped(clientId, cause, count);
            }
        }
        waiting = false;
    }
}
