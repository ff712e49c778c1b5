package io.busbar.web.door;

/**
 * Whether bytes keep up a rate. Who falls behind has some seconds' worth of patience, which is used
 * up while nothing moves and comes back while much does, but never grows: a fast beginning is no
 * licence to stall. Thread-safe.
 */
final class Pace {
    private static final long NANOS = 1_000_000_000L;

    private long at;
    private long moved;

    /** Nanoseconds of patience used up. */
    private long behind;

    /** Begins anew. */
    synchronized void begin() {
        at = System.nanoTime();
        moved = 0;
        behind = 0;
    }

    synchronized void moved(int bytes) {
        moved += bytes;
    }

    /** Whether the rate was kept since the last look, or there is patience left. */
    synchronized boolean keptUp(RequestLimits limits) {
        long now = System.nanoTime();
        long worth = moved * NANOS / limits.bytesPerSecond();
        behind = Math.max(0, behind + now - at - worth);
        at = now;
        moved = 0;
        return behind <= limits.bodySeconds() * NANOS;
    }
}
