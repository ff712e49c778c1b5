package io.busbar.api.broker;

import io.busbar.api.mqtt.ReasonCode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@link Broker#publish}.
 *
 * @param code SUCCESS, NO_MATCHING_SUBSCRIBERS, or an error
 * @param reason an explanation from an interceptor, or null; possible with success as well
 */
public record PublishResult(ReasonCode code, @Nullable String reason) {
    public PublishResult {
        Objects.requireNonNull(code, "code");
    }

    /** Creates a result without an explanation. */
    public static PublishResult of(ReasonCode code) {
        return new PublishResult(code, null);
    }
}
