package io.busbar.mqtt.broker.limit;

/** Checks what was configured. */
final class Bounds {
    private Bounds() {}

    /**
     * Throws if the value is not between the two, both included.
     *
     * @param key the key of the configuration
     */
    static void check(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    key + ": " + value + " (expected: " + min + ".." + max + ")");
        }
    }
}
