package io.busbar.mqtt.broker.session;

import io.busbar.mqtt.broker.loop.Ticker;

/**
 * Time as sessions count it while their clients are away: in quarters of a second since the broker
 * was made, forwards only, whatever the clock says. Thread-safe.
 */
final class Moments {
    /** A moment that never comes. */
    static final long NEVER = Long.MAX_VALUE;

    static final int PER_SECOND = 4;

    private static final long NANOS = 1_000_000_000 / PER_SECOND;
    private static final int MILLIS = 1_000 / PER_SECOND;

    private final Ticker ticker;
    private final long origin;

    Moments(Ticker ticker) {
        this.ticker = ticker;
        this.origin = ticker.nanos();
    }

    /** The last moment that was reached. */
    int now() {
        return (int) Math.floorDiv(ticker.nanos() - origin, NANOS);
    }

    /** The next moment, from which something lasts, so that nothing ends early. */
    int next() {
        return (int) -Math.floorDiv(origin - ticker.nanos(), NANOS);
    }

    /** The moment so many milliseconds ago. */
    int ago(long millis) {
        return (int) Math.max(Integer.MIN_VALUE / 2, next() - Math.max(0, millis) / MILLIS);
    }

    /** When a moment is, in the ticker's time. */
    long nanos(int moment) {
        return origin + moment * NANOS;
    }
}
