package io.busbar.uns.registry.gate;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many messages of one topic may come: so many a second, and those of one second at once.
 * Thread-safe, without locks.
 */
final class Pace {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final int perSecond;

    /** What one message takes of a second, in nanoseconds. */
    private final long share;

    /** When everything that was taken is paid for, in nanoseconds since the epoch. */
    private final AtomicLong paid = new AtomicLong();

    /**
     * Begins with the messages of a second.
     *
     * @param perSecond at least 1
     */
    Pace(int perSecond) {
        this.perSecond = perSecond;
        this.share = SECOND / perSecond;
    }

    int perSecond() {
        return perSecond;
    }

    /**
     * A message wants to come.
     *
     * @param nowMillis in milliseconds since the epoch; if the clock was set back by more than a
     *     second, counting begins anew
     * @return false if it comes too fast; then it takes nothing
     */
    boolean take(long nowMillis) {
        long now = TimeUnit.MILLISECONDS.toNanos(nowMillis);
        while (true) {
            long before = paid.get();
            long from = before < now || before > now + 2 * SECOND ? now : before;
            long after = from + share;
            if (after > now + SECOND) {
                return false;
            }
            if (paid.compareAndSet(before, after)) {
                return true;
            }
        }
    }
}
