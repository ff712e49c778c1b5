package io.busbar.uns.registry.watch;

import io.busbar.api.broker.ProviderView;
import io.busbar.api.broker.ProviderView.State;
import java.util.concurrent.TimeUnit;

/**
 * Something of another bundle that the namespace calls, and whether it hangs. A call that hung and
 * has returned keeps it from being called for a while, each time for longer: otherwise every
 * message would wait for it. Thread-safe.
 */
public final class Foreign {
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MAX_DOUBLINGS = 6;

    private final String kind;
    private final String name;

    private volatile boolean everHung;
    private int hanging;
    private int hangs;
    private long hangsSince;
    private long askAgainAt;

    /**
     * Makes one that never hung.
     *
     * @param kind what it is, in words
     * @param name which one it is
     */
    public Foreign(String kind, String name) {
        this.kind = kind;
        this.name = name;
    }

    /** Whether it is not to be called now. */
    public boolean isOut() {
        return everHung && isOut(System.nanoTime());
    }

    private synchronized boolean isOut(long nowNanos) {
        return hanging > 0 || nowNanos - askAgainAt < 0;
    }

    synchronized void hangs(long sinceNanos) {
        if (hanging++ == 0) {
            hangsSince = sinceNanos;
        }
        hangs++;
        everHung = true;
    }

    synchronized void returned(long nowNanos) {
        hanging--;
        askAgainAt = nowNanos + (REST_NANOS << Math.min(hangs - 1, MAX_DOUBLINGS));
    }

    /** It as operators see it. */
    public synchronized ProviderView view() {
        long now = System.nanoTime();
        if (hanging > 0) {
            return new ProviderView(
                    kind,
                    name,
                    State.HANGS,
                    "has not returned for "
                            + TimeUnit.NANOSECONDS.toSeconds(now - hangsSince)
                            + " s, although it was interrupted; values stand still. If it does not"
                            + " return, restart the server");
        }
        if (everHung && isOut(now)) {
            return new ProviderView(
                    kind,
                    name,
                    State.RESTS,
                    "took too long and was interrupted; called again in "
                            + TimeUnit.NANOSECONDS.toSeconds(askAgainAt - now)
                            + " s");
        }
        return new ProviderView(kind, name, State.ASKED, "");
    }

    @Override
    public String toString() {
        return kind + " " + name;
    }
}
