package io.busbar.api.mqtt;

/** Quality of Service of an Application Message or a subscription: MQTT 5.0, section 4.3. */
public enum Qos {
    /** At most once: 0. */
    AT_MOST_ONCE,
    /** At least once: 1. */
    AT_LEAST_ONCE,
    /** Exactly once: 2. */
    EXACTLY_ONCE;

    private static final Qos[] VALUES = values();

    /** The value that is sent in two bits of a packet: 0, 1 or 2. */
    public int value() {
        return ordinal();
    }

    /**
     * Returns the QoS for a value received in a packet.
     *
     * @throws IllegalArgumentException if the value is not 0, 1 or 2
     */
    public static Qos of(int value) {
        if (value < 0 || value >= VALUES.length) {
            throw new IllegalArgumentException("qos: " + value + " (expected: 0..2)");
        }
        return VALUES[value];
    }

    /**
     * Returns the lower of both. A subscriber gets a message with the lower of the publisher's QoS
     * and its own [MQTT5-3.8.4-8].
     */
    public Qos min(Qos other) {
        return compareTo(other) <= 0 ? this : other;
    }
}
