package io.busbar.mqtt.codec;

/**
 * When a subscription gets Retained Messages, MQTT 5.0 section 3.8.3.1. The ordinal is the value on
 * the wire.
 */
public enum RetainHandling {
    /** At every SUBSCRIBE, as MQTT 3 does [MQTT5-3.3.1-9]. */
    SEND,
    /** Only if the subscription did not exist before [MQTT5-3.3.1-10]. */
    SEND_IF_NEW,
    /** Never [MQTT5-3.3.1-11]. */
    DO_NOT_SEND;

    private static final RetainHandling[] VALUES = values();

    /** The two bits on the wire: 0, 1 or 2. */
    public int value() {
        return ordinal();
    }

    /**
     * Returns the handling of a wire value.
     *
     * @throws IllegalArgumentException if the value is not 0, 1 or 2
     */
    public static RetainHandling of(int value) {
        if (value < 0 || value >= VALUES.length) {
            throw new IllegalArgumentException("retain handling: " + value + " (expected: 0..2)");
        }
        return VALUES[value];
    }
}
