package io.busbar.mqtt.broker.call;

import io.busbar.api.broker.ProviderView;
import io.busbar.api.broker.ProviderView.State;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Something of somebody else that the broker calls on event loops or on a thread for it alone, and
 * whether it hangs there. Called by any loop; who hangs is said by {@link Watch} alone.
 */
public final class Callee {
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MAX_DOUBLINGS = 6;

    private final String kind;
    private final String name;

    // Written by the watch, which takes turns; read by any loop.
    private volatile boolean everHung;
    private final AtomicInteger hanging = new AtomicInteger();
    private volatile Place place = Place.EVENT_LOOP;
    private volatile long hangsSince;
    private volatile long askAgainAt;
    private int hangs;

    /**
     * Makes one that never hung.
     *
     * @param kind what it is, in a word, e.g. {@code authenticator}
     * @param name which one it is
     */
    public Callee(String kind, String name) {
        this.kind = kind;
        this.name = name;
    }

    /** What it is, in a word. */
    public String kind() {
        return kind;
    }

    /** Which one it is: the name of its component, or its class. */
    public String name() {
        return name;
    }

    /** Whether it ever hung: the quick look before {@link #isOut(long)}. */
    public boolean everHung() {
        return everHung;
    }

    /** Whether it is not to be called now. */
    public boolean isOut(long nowNanos) {
        return everHung && (hanging.get() > 0 || nowNanos - askAgainAt < 0);
    }

    /** A call has not returned in time. */
    void hangs(Place where, long sinceNanos) {
        place = where;
        if (hanging.getAndIncrement() == 0) {
            hangsSince = sinceNanos;
        }
        hangs++;
        everHung = true;
    }

    /** A call that hung has returned after all: left alone for a while, each time for longer. */
    void returned(Place where, long nowNanos) {
        // On its own thread nobody waits for it: that it returned proves that it works.
        askAgainAt =
                where == Place.OWN_THREAD
                        ? nowNanos
                        : nowNanos + (REST_NANOS << Math.min(hangs - 1, MAX_DOUBLINGS));
        hanging.decrementAndGet();
    }

    /** It as operators see it. */
    public ProviderView view(long nowNanos) {
        int loops = hanging.get();
        if (loops > 0 && place == Place.OWN_THREAD) {
            return new ProviderView(
                    kind,
                    name,
                    State.LATE,
                    "has not returned for "
                            + TimeUnit.NANOSECONDS.toSeconds(nowNanos - hangsSince)
                            + " s; what it is to be told waits and then is dropped, others are"
                            + " told. If it does not return, stop its bundle");
        }
        if (loops > 0) {
            return new ProviderView(
                    kind,
                    name,
                    State.HANGS,
                    "has not returned for "
                            + TimeUnit.NANOSECONDS.toSeconds(nowNanos - hangsSince)
                            + " s and holds "
                            + loops
                            + " event loop(s); if it does not return by itself, restart the"
                            + " server");
        }
        if (isOut(nowNanos)) {
            return new ProviderView(
                    kind,
                    name,
                    State.RESTS,
                    "took too long; asked again in "
                            + TimeUnit.NANOSECONDS.toSeconds(askAgainAt - nowNanos)
                            + " s");
        }
        return new ProviderView(kind, name, State.ASKED, "");
    }

    @Override
    public String toString() {
        return kind + " " + name;
    }
}
