package io.busbar.mqtt.broker.intake;

import io.busbar.api.broker.InterceptorView;
import io.busbar.api.broker.InterceptorView.State;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What is known of an interceptor since its service is there: what it did, and whether it can be
 * asked. Counted by any loop; who hangs is said by {@link Watch} alone.
 */
final class Standing {
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MAX_DOUBLINGS = 6;

    final LongAdder asked = new LongAdder();
    final LongAdder annotated = new LongAdder();
    final LongAdder diverted = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder failed = new LongAdder();

    private final String name;
    private final LongAdder totalNanos = new LongAdder();
    private final AtomicBoolean hasFailed = new AtomicBoolean();
    private volatile long longestNanos;

    // Written by the watch, which takes turns; read by any loop.
    private volatile boolean everHung;
    private final AtomicInteger hanging = new AtomicInteger();
    private volatile long hangsSince;
    private volatile long askAgainAt;
    private int hangs;

    Standing(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Whether it had not failed before. */
    boolean isFirstFailure() {
        return !hasFailed.get() && hasFailed.compareAndSet(false, true);
    }

    /** A call returned; when two loops race, the longest may be a shorter one. */
    void took(long nanos) {
        totalNanos.add(nanos);
        if (nanos > longestNanos) {
            longestNanos = nanos;
        }
    }

    /** Whether it ever hung: the quick look before {@link #isOut(long)}. */
    boolean everHung() {
        return everHung;
    }

    /** Whether it is not to be asked now. */
    boolean isOut(long nowNanos) {
        return everHung && (hanging.get() > 0 || nowNanos - askAgainAt < 0);
    }

    /** A call has not returned in time. */
    void hangs(long sinceNanos) {
        if (hanging.getAndIncrement() == 0) {
            hangsSince = sinceNanos;
        }
        hangs++;
        everHung = true;
    }

    /** A call that hung has returned after all: left alone for a while, each time for longer. */
    void returned(long nowNanos) {
        askAgainAt = nowNanos + (REST_NANOS << Math.min(hangs - 1, MAX_DOUBLINGS));
        hanging.decrementAndGet();
    }

    InterceptorView view(List<String> filters, boolean passes, long nowNanos) {
        State state = State.ASKED;
        String detail = "";
        int loops = hanging.get();
        if (loops > 0) {
            state = State.HANGS;
            detail =
                    "has not returned for "
                            + TimeUnit.NANOSECONDS.toSeconds(nowNanos - hangsSince)
                            + " s and holds "
                            + loops
                            + " event loop(s); if it does not return by itself, restart the server";
        } else if (isOut(nowNanos)) {
            state = State.RESTS;
            detail =
                    "took too long; asked again in "
                            + TimeUnit.NANOSECONDS.toSeconds(askAgainAt - nowNanos)
                            + " s";
        }
        return new InterceptorView(
                name,
                filters,
                passes,
                state,
                detail,
                new InterceptorView.Counts(
                        asked.sum(),
                        annotated.sum(),
                        diverted.sum(),
                        refused.sum(),
                        failed.sum(),
                        Duration.ofNanos(totalNanos.sum()),
                        Duration.ofNanos(longestNanos)));
    }
}
