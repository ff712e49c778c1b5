package io.busbar.auth.passwords;

/**
 * How much is hashed.
 *
 * @param atOnce hashes computed at the same time
 * @param waiting hashes that may wait for their turn
 * @param waitSeconds how long one may wait
 */
record Bounds(int atOnce, int waiting, int waitSeconds) {
    /** 19 MiB each: 1.2 GiB. */
    private static final int MOST_AT_ONCE = 64;

    Bounds {
        require("at.once", atOnce, 1, MOST_AT_ONCE);
        require("waiting", waiting, 1, 10_000);
        require("wait.seconds", waitSeconds, 1, 30);
    }

    /**
     * What is configured.
     *
     * @param atOnce 0 = half of the processors, but at least 2 and at most 4
     * @throws IllegalArgumentException if a value is out of bounds; says which, and what was
     *     expected
     */
    static Bounds of(int atOnce, int waiting, int waitSeconds, int processors) {
        return new Bounds(
                atOnce == 0 ? Math.max(2, Math.min(4, processors / 2)) : atOnce,
                waiting,
                waitSeconds);
    }

    long waitMillis() {
        return waitSeconds * 1000L;
    }

    private static void require(String key, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    key + ": " + value + " (expected: " + min + " to " + max + ")");
        }
    }
}
