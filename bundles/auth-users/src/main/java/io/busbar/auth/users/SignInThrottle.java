package io.busbar.auth.users;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down guessing: after some attempts under a key each further one must wait, twice as long
 * every time. An attempt counts before it is judged, so that many at once are no way around.
 * Forgets after a quarter of an hour without one. Bounded; thread-safe.
 */
final class SignInThrottle {
    private static final long FORGET_AFTER_MILLIS = 15 * 60_000L;
    private static final int CAPACITY = 10_000;

    private final Clock clock;
    private final int freeAttempts;
    private final int longestDelaySeconds;
    private final Map<String, Attempts> attempts =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Attempts> eldest) {
                    return size() > CAPACITY;
                }
            };

    SignInThrottle(Clock clock, int freeAttempts, int longestDelaySeconds) {
        this.clock = clock;
        this.freeAttempts = freeAttempts;
        this.longestDelaySeconds = longestDelaySeconds;
    }

    /**
     * Lets an attempt through and counts it, or says how long to wait.
     *
     * @return seconds until the next attempt is judged, at least 1; 0 = this one is
     */
    synchronized int begin(String key) {
        long now = clock.millis();
        Attempts known = attempts.computeIfAbsent(key, ignored -> new Attempts());
        long wait = known.waitUntil - now;
        if (wait > 0) {
            return (int) ((wait + 999) / 1000);
        }
        if (now - known.lastAt > FORGET_AFTER_MILLIS) {
            known.count = 0;
        }
        known.lastAt = now;
        known.count++;
        int over = known.count - freeAttempts;
        if (over >= 0) {
            known.waitUntil = now + Math.min(longestDelaySeconds, 1L << Math.min(over, 30)) * 1000;
        }
        return 0;
    }

    /** How many attempts are left before the next must wait. */
    synchronized int left(String key) {
        Attempts known = attempts.get(key);
        return known == null ? freeAttempts : Math.max(0, freeAttempts - known.count);
    }

    /** Forgets the attempts, after one that succeeded. */
    synchronized void reset(String key) {
        attempts.remove(key);
    }

    private static final class Attempts {
        private int count;
        private long lastAt;
        private long waitUntil;
    }
}
