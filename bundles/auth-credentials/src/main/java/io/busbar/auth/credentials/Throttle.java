package io.busbar.auth.credentials;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down guessing: after some failures of one address for one user name, each further one must
 * wait twice as long as the last. Others are not touched: a user name is never locked. Forgets
 * after a quarter of an hour, and the oldest when it holds too many. Thread-safe.
 */
final class Throttle {
    private static final long FORGET_AFTER_MILLIS = 15 * 60_000L;

    private final Clock clock;
    private final int freeFailures;
    private final int longestDelaySeconds;
    private final Map<String, Failures> failures;

    Throttle(Clock clock, int freeFailures, int longestDelaySeconds, int capacity) {
        this.clock = clock;
        this.freeFailures = freeFailures;
        this.longestDelaySeconds = longestDelaySeconds;
        this.failures =
                new LinkedHashMap<>(16, 0.75f, true) {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
                        return size() > capacity;
                    }
                };
    }

    /** Whether the key must wait. */
    synchronized boolean mustWait(String key) {
        Failures known = failures.get(key);
        return known != null && clock.millis() < known.waitUntil;
    }

    synchronized void failed(String key) {
        long now = clock.millis();
        Failures known = failures.computeIfAbsent(key, ignored -> new Failures());
        if (now - known.lastAt > FORGET_AFTER_MILLIS) {
            known.count = 0;
        }
        known.lastAt = now;
        known.count++;
        int over = known.count - freeFailures;
        if (over >= 0) {
            long seconds = Math.min(longestDelaySeconds, 1L << Math.min(over, 30));
            known.waitUntil = now + seconds * 1000;
        }
    }

    synchronized void succeeded(String key) {
        failures.remove(key);
    }

    synchronized int size() {
        return failures.size();
    }

    private static final class Failures {
        private int count;
        private long lastAt;
        private long waitUntil;
    }
}
