package io.busbar.mqtt.broker.limit;

import io.busbar.mqtt.broker.config.BrokerConfig;
import java.util.Locale;
import java.util.Objects;

/**
 * How fast one connection may publish. Short bursts are allowed: the amount for one second may
 * arrive at once.
 *
 * @param messagesPerSecond PUBLISH packets per second; 0 = no limit
 * @param bytesPerSecond payload bytes per second; 0 = no limit
 * @param excess what happens to a client that is faster
 */
public record PublishRate(int messagesPerSecond, long bytesPerSecond, Excess excess) {
    /** As fast as the client can. */
    public static final PublishRate UNLIMITED = new PublishRate(0, 0, Excess.SLOW_DOWN);

    private static final int MAX_MESSAGES = 1_000_000_000;
    private static final long MAX_BYTES = 1_000_000_000_000L;

    /** What happens to a client that publishes faster. */
    public enum Excess {
        /** Nothing is read from it for a while, nothing is lost. */
        SLOW_DOWN,
        /** It is disconnected with 0x96. */
        DISCONNECT;

        /** The choice of a configuration. */
        static Excess of(String text) {
            for (Excess excess : values()) {
                if (excess.toString().equals(text)) {
                    return excess;
                }
            }
            throw new IllegalArgumentException(
                    "publish.rate.excess: \"" + text + "\" (expected: slow-down or disconnect)");
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public PublishRate {
        Bounds.check("max.publishes.per.second", messagesPerSecond, 0, MAX_MESSAGES);
        Bounds.check("max.publish.bytes.per.second", bytesPerSecond, 0, MAX_BYTES);
        Objects.requireNonNull(excess, "excess");
    }

    /** The rate of a configuration. */
    static PublishRate of(BrokerConfig config) {
        return new PublishRate(
                config.max_publishes_per_second(),
                config.max_publish_bytes_per_second(),
                Excess.of(config.publish_rate_excess()));
    }

    /** Whether there is anything to watch. */
    public boolean isLimited() {
        return messagesPerSecond > 0 || bytesPerSecond > 0;
    }
}
