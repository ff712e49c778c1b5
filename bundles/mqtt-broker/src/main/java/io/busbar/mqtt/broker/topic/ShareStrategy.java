package io.busbar.mqtt.broker.topic;

import java.util.Locale;

/**
 * Which member of a Shared Subscription is asked first; MQTT 5.0 section 4.8.2 leaves the choice to
 * the server. With every strategy, a member that cannot take the message is skipped if another one
 * can.
 */
public enum ShareStrategy {
    /** The next one. */
    ROUND_ROBIN,
    /** Any one. */
    RANDOM,
    /** The last one, for as long as it takes messages. */
    STICKY,
    /**
     * The same one for all messages of a publisher, so their order is kept; moves when members come
     * or go.
     */
    PUBLISHER;

    /**
     * Reads a configured name: {@code round-robin}, {@code random}, {@code sticky} or {@code
     * publisher}.
     *
     * @throws IllegalArgumentException if it is none of them
     */
    public static ShareStrategy of(String name) {
        for (ShareStrategy strategy : values()) {
            if (strategy.toString().equals(name)) {
                return strategy;
            }
        }
        throw new IllegalArgumentException(
                "shared.subscription.strategy: "
                        + name
                        + " (expected: round-robin, random, sticky, publisher)");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
