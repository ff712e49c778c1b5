package io.busbar.api.auth.spi;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down guessing. After some attempts under a key, e.g. an address and a user name, each
 * further one must wait, twice as long every time. Nothing is locked for good, and other keys are
 * not touched. A key is forgotten after a quarter of an hour without an attempt, and the one that
 * was not used for longest when there are too many. Thread-safe.
 */
public final class Throttle {
    private static final long FORGET_AFTER_MILLIS = 15 * 60_000L;

    private final InstantSource clock;
    private final int freeAttempts;
    private final int longestDelaySeconds;
    private final Map<String, Attempts> attempts;

    /**
     * Makes a throttle that knows of no attempts.
     *
     * @param freeAttempts how many there may be under a key before it must wait
     * @param longestDelaySeconds the wait doubles from 1 s up to this
     * @param capacity how many keys are kept at most
     */
    public Throttle(InstantSource clock, int freeAttempts, int longestDelaySeconds, int capacity) {
        this.clock = clock;
        this.freeAttempts = freeAttempts;
        this.longestDelaySeconds = longestDelaySeconds;
        this.attempts =
                new LinkedHashMap<>(16, 0.75f, true) {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, Attempts> eldest) {
                        return size() > capacity;
                    }
                };
    }

    /**
     * Lets an attempt through and counts it, or says how long to wait. Where attempts are judged
     * later, counting them before means that many at once are no way around.
     *
     * @return seconds until the next attempt is let through, at least 1; 0 = this one is
     */
    public synchronized int attempt(String key) {
        int wait = secondsToWait(key);
        if (wait == 0) {
            count(attempts.computeIfAbsent(key, ignored -> new Attempts()), clock.millis());
        }
        return wait;
    }

    private void count(Attempts known, long now) {
        if (now - known.lastAt > FORGET_AFTER_MILLIS) {
            known.count = 0;
        }
        known.lastAt = now;
        known.count++;
        int over = known.count - freeAttempts;
        if (over >= 0) {
            known.waitUntil = now + Math.min(longestDelaySeconds, 1L << Math.min(over, 30)) * 1000;
        }
    }

    /** How long the key must wait, without counting anything; 0 = not at all. */
    public synchronized int secondsToWait(String key) {
        Attempts known = attempts.get(key);
        long wait = known == null ? 0 : known.waitUntil - clock.millis();
        return wait > 0 ? (int) ((wait + 999) / 1000) : 0;
    }

    /** How many attempts are left before the next must wait. */
    public synchronized int left(String key) {
        Attempts known = attempts.get(key);
        return known == null ? freeAttempts : Math.max(0, freeAttempts - known.count);
    }

    /** Forgets the attempts of a key, after one that was right. */
    public synchronized void forget(String key) {
        attempts.remove(key);
    }

    synchronized int size() {
        return attempts.size();
    }

    private static final class Attempts {
        private int count;
        private long lastAt;
        private long waitUntil;
    }
}
