package io.busbar.api.auth.spi;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down the guessing of passwords. Attempts are counted under a key, e.g. an address and a
 * user name. After a number of free attempts, each further attempt must wait, and each wait is
 * twice as long as the one before.
 *
 * <p>No key is locked for good, and one key does not affect another. A key is forgotten 15 minutes
 * after its last attempt. If there are too many keys, the one that was unused for the longest time
 * is forgotten. Thread-safe; never blocks.
 */
public final class Throttle {
    private static final int LONGEST_NAME = 64;
    private static final long FORGET_AFTER_MILLIS = 15 * 60_000L;

    private final InstantSource clock;
    private final int freeAttempts;
    private final int longestDelaySeconds;
    private final Map<String, Attempts> attempts;

    /**
     * Creates a throttle without any recorded attempts.
     *
     * @param clock the time
     * @param freeAttempts how many attempts a key has before it must wait
     * @param longestDelaySeconds the longest wait; waits start at 1 s and double up to this
     * @param capacity how many keys are remembered at most
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
     * Returns the key of the attempts from an address with a user name. Whoever owns one IPv6
     * address usually owns the /64 around it, so that counts as one. A long name is represented by
     * its hash, so that keys need little memory.
     */
    public static String key(InetAddress address, String username) {
        byte[] bytes = address.getAddress();
        byte[] block = bytes.length == 16 ? Arrays.copyOf(bytes, 8) : bytes;
        String name = username.length() > LONGEST_NAME ? "#" + sha256(username) : username;
        return HexFormat.of().formatHex(block) + " " + name;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Counts an attempt and lets it through, or says how long it has to wait. The attempt is
     * counted before its outcome is known, so that many attempts at the same time cannot bypass the
     * throttle.
     *
     * @return 0 if this attempt may go on; otherwise the seconds to wait, at least 1, and nothing
     *     is counted
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

    /** Returns how many seconds the key has to wait, 0 if not at all. Counts nothing. */
    public synchronized int secondsToWait(String key) {
        Attempts known = attempts.get(key);
        long wait = known == null ? 0 : known.waitUntil - clock.millis();
        return wait > 0 ? (int) ((wait + 999) / 1000) : 0;
    }

    /** Returns how many attempts the key has left before it must wait. */
    public synchronized int left(String key) {
        Attempts known = attempts.get(key);
        return known == null ? freeAttempts : Math.max(0, freeAttempts - known.count);
    }

    /** Forgets the attempts of a key. Call it after a successful attempt. */
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
