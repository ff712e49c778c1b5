package io.busbar.web.api.endpoint;

import io.busbar.api.broker.PublishResult;
import io.busbar.api.mqtt.ReasonCode;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What became of a message that was published through the API.
 *
 * @param reason for people; null if there is nothing to say
 */
record Published(ReasonCode code, @Nullable String reason) {
    private static final int WAIT_SECONDS = 5;

    /** Waits until the broker has answered. */
    static Published of(CompletionStage<PublishResult> stage) {
        try {
            PublishResult result = stage.toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
            ReasonCode code = result.code();
            String reason = result.reason();
            return new Published(code, reason == null && code.isError() ? code.text() : reason);
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
