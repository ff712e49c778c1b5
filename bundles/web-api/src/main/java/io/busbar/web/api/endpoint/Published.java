package io.busbar.web.api.endpoint;

import io.busbar.api.broker.PublishResult;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.web.http.Request;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What became of a message that was published through the API.
 *
 * @param reason for people; null if there is nothing to say
 * @param diverted whether somebody has taken it over, so that it was not delivered
 */
record Published(ReasonCode code, @Nullable String reason, boolean diverted) {
    private static final int WAIT_SECONDS = 5;

    Published(ReasonCode code, @Nullable String reason) {
        this(code, reason, false);
    }

    /** The person who asks, as a publisher. */
    static Publisher by(Request request) {
        return new Publisher("", request.actor().name(), "", request.remoteAddress());
    }

    /** Waits until the broker has answered. */
    static Published of(CompletionStage<PublishResult> stage) {
        try {
            PublishResult result = stage.toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
            ReasonCode code = result.code();
            String reason = result.reason();
            return new Published(
                    code,
                    reason == null && code.isError() ? code.text() : reason,
                    result.diverted());
        } catch (TimeoutException e) {
            return new Published(
                    ReasonCode.UNSPECIFIED_ERROR,
                    "The broker did not confirm within "
                            + WAIT_SECONDS
                            + " s; the message may have been published.");
        } catch (ExecutionException e) {
            return new Published(
                    ReasonCode.UNSPECIFIED_ERROR,
                    "The broker failed: " + e.getCause().getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Published(
                    ReasonCode.SERVER_SHUTTING_DOWN,
                    "The server is stopping; the message may have been published.");
        }
    }
}
