package io.busbar.api.broker;

import io.busbar.api.mqtt.ReasonCode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of a message that was published by {@link Broker#publish}.
 *
 * @param code SUCCESS, NO_MATCHING_SUBSCRIBERS, or an error
 * @param reason the same in words, as whoever judged the message said it; or null. There may be one
 *     with success as well.
 */
public record PublishResult(ReasonCode code, @Nullable String reason) {
    public PublishResult {
        Objects.requireNonNull(code, "code");
    }

    /** A result that needs no words. */
    public static PublishResult of(ReasonCode code) {
        return new PublishResult(code, null);
    }
}
