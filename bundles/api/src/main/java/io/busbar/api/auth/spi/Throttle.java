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
 * Slows down the guessing of passwords: of one user name from one origin, and of all user names
 * from one origin. An origin is an address or a block of addresses. Only wrong passwords count.
 *
 * <p>One name: after a number of wrong passwords the name must wait, and each wait is twice as long
 * as the one before. It is forgotten 15 minutes after the last wrong password, and when the right
 * one comes.
 *
 * <p>All names: an origin has a number of wrong passwords in 15 minutes. When they are used up, a
 * new one comes every so often, and until then the origin must wait. A right password gives none
 * back, or somebody who has one account could guess those of others. Many clients may share an
 * origin, e.g. behind a proxy; so names that were right from there before need not wait for it.
 *
 * <p>No name and no origin is locked for good. If there are too many of them, the one that was
 * unused for the longest time is forgotten. Thread-safe; never blocks.
 */
public final class Throttle {
    private static final int LONGEST_NAME = 64;
    private static final long PERIOD_MILLIS = 15 * 60_000L;
    private static final int CAPACITY = 10_000;

    private final InstantSource clock;
    private final int perName;
    private final int longestDelaySeconds;
    private final long millisPerFailure;
    private final Map<String, Failures> names;

    /** When an origin has all of its wrong passwords back. */
    private final Map<String, Long> origins;

    private final Map<String, Boolean> knownGood;

    /**
     * Creates a throttle without any recorded failures.
     *
     * @param clock the time
     * @param perName wrong passwords of one name from one origin before it must wait
     * @param perOrigin wrong passwords of all names from one origin in 15 minutes
     * @param longestDelaySeconds the longest wait of a name; waits start at 1 s and double up to
     *     this
     */
    public Throttle(InstantSource clock, int perName, int perOrigin, int longestDelaySeconds) {
        this(clock, perName, perOrigin, longestDelaySeconds, CAPACITY);
    }

    Throttle(
            InstantSource clock,
            int perName,
            int perOrigin,
            int longestDelaySeconds,
            int capacity) {
        this.clock = clock;
        this.perName = perName;
        this.millisPerFailure = PERIOD_MILLIS / perOrigin;
        this.longestDelaySeconds = longestDelaySeconds;
        this.names = leastRecentlyUsed(capacity);
        this.origins = leastRecentlyUsed(capacity);
        this.knownGood = leastRecentlyUsed(capacity);
    }

    private static <V> Map<String, V> leastRecentlyUsed(int capacity) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > capacity;
            }
        };
    }

    /**
     * Returns an attempt from an address. Whoever owns one IPv6 address usually owns the /64 around
     * it, so that is one origin.
     */
    public Attempt attempt(InetAddress address, String username) {
        byte[] bytes = address.getAddress();
        byte[] block = bytes.length == 16 ? Arrays.copyOf(bytes, 8) : bytes;
        return attempt(HexFormat.of().formatHex(block), username);
    }

    /**
     * Returns an attempt from an origin that the caller names. Counts nothing.
     *
     * @param origin a short text without blanks
     * @param username the name, whether anybody has it or not
     */
    public Attempt attempt(String origin, String username) {
        // So that keys need little memory.
        String name = username.length() > LONGEST_NAME ? "#" + sha256(username) : username;
        return new Attempt(origin, origin + " " + name);
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

    synchronized int size() {
        return Math.max(names.size(), Math.max(origins.size(), knownGood.size()));
    }

    /** One attempt to be let in. It may be asked again and again while it is judged. */
    public final class Attempt {
        private final String origin;
        private final String key;

        private Attempt(String origin, String key) {
            this.origin = origin;
            this.key = key;
        }

        /**
         * Returns how many seconds the attempt has to wait before its password may be judged, 0 if
         * not at all. Ask again right before a slow hash is computed: of many guesses that came at
         * once, the first ones have failed by then.
         */
        public int secondsToWait() {
            synchronized (Throttle.this) {
                int wait = ofName();
                return wait > 0 || knownGood.containsKey(key) ? wait : ofOrigin();
            }
        }

        /** Whether the attempt has to wait. */
        public boolean mustWait() {
            return secondsToWait() > 0;
        }

        /**
         * The password was wrong, or nobody has the name. Counts it, unless the attempt had to
         * wait.
         *
         * @return 0, or how many seconds the attempt has to wait. A name that needs not wait for
         *     its origin is told to all the same, or the answer would tell that there is such a
         *     name
         */
        public int failed() {
            synchronized (Throttle.this) {
                int wait = secondsToWait();
                if (wait > 0) {
                    return wait;
                }
                int ofOrigin = ofOrigin();
                long now = clock.millis();
                names.computeIfAbsent(key, ignored -> new Failures()).count(now);
                if (ofOrigin == 0) {
                    origins.merge(
                            origin,
                            now + millisPerFailure,
                            (fullAt, fresh) -> Math.max(fullAt + millisPerFailure, fresh));
                }
                return ofOrigin;
            }
        }

        /** The password was right. */
        public void succeeded() {
            synchronized (Throttle.this) {
                names.remove(key);
                knownGood.put(key, true);
            }
        }

        /** Returns how many wrong passwords are left before there is a wait. */
        public int left() {
            synchronized (Throttle.this) {
                Failures failures = names.get(key);
                int ofName = failures == null ? perName : failures.left(clock.millis());
                long free = PERIOD_MILLIS - untilFull();
                return (int) Math.max(0, Math.min(ofName, free / millisPerFailure));
            }
        }

        private int ofName() {
            Failures failures = names.get(key);
            return failures == null ? 0 : seconds(failures.waitUntil - clock.millis());
        }

        private int ofOrigin() {
            return seconds(untilFull() + millisPerFailure - PERIOD_MILLIS);
        }

        private long untilFull() {
            Long fullAt = origins.get(origin);
            return fullAt == null ? 0 : Math.max(0, fullAt - clock.millis());
        }

        private static int seconds(long millis) {
            return millis > 0 ? (int) ((millis + 999) / 1000) : 0;
        }
    }

    /** The wrong passwords of one name from one origin. */
    private final class Failures {
        private int count;
        private long lastAt;
        private long waitUntil;

        private void count(long now) {
            count = isForgotten(now) ? 1 : count + 1;
            lastAt = now;
            int over = count - perName;
            if (over >= 0) {
                waitUntil = now + Math.min(longestDelaySeconds, 1L << Math.min(over, 30)) * 1000;
            }
        }

        private int left(long now) {
            return isForgotten(now) ? perName : Math.max(0, perName - count);
        }

        private boolean isForgotten(long now) {
            return now - lastAt >= PERIOD_MILLIS;
        }
    }
}
