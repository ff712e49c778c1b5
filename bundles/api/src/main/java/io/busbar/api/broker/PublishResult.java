package io.busbar.api.broker;

import io.busbar.api.mqtt.ReasonCode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@link Broker#publish}.
 *
 * @param code SUCCESS, NO_MATCHING_SUBSCRIBERS, or an error
 * @param reason an explanation from an interceptor, or null; possible with success as well
 * @param diverted whether an interceptor has taken the message over, so that it was neither
 *     retained nor delivered; the code is SUCCESS then
 */
public record PublishResult(ReasonCode code, @Nullable String reason, boolean diverted) {
    public PublishResult {
        Objects.requireNonNull(code, "code");
    }

    /** Creates the result of a message that was not diverted. */
    public PublishResult(ReasonCode code, @Nullable String reason) {
        this(code, reason, false);
    }

    /** Creates a result without an explanation. */
    public static PublishResult of(ReasonCode code) {
        return new PublishResult(code, null);
    }
}
