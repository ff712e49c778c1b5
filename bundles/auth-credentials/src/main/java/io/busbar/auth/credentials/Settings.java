package io.busbar.auth.credentials;

/**
 * What is configured.
 *
 * @param freeFailures wrong passwords of one address for one user name before it must wait
 * @param longestDelaySeconds at which the wait stops doubling
 * @param cacheSeconds how long a chosen password once verified is known without hashing again
 */
record Settings(int freeFailures, int longestDelaySeconds, int cacheSeconds) {
    Settings {
        require("attempts", freeFailures, 1, 1000);
        require("longest.delay.seconds", longestDelaySeconds, 1, 3600);
        require("cache.seconds", cacheSeconds, 0, 86_400);
    }

    private static void require(String key, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    key + ": " + value + " (expected: " + min + " to " + max + ")");
        }
    }
}
