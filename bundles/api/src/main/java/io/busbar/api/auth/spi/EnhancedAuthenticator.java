package io.busbar.api.auth.spi;

import io.busbar.api.auth.Principal;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Authenticates a client by exchanging AUTH packets with it (MQTT 5.0 section 4.12), e.g. for
 * SCRAM. Published as a service. If several support the client's Authentication Method, the one
 * with the highest {@code service.ranking} handles the whole exchange; among equal rankings, the
 * oldest service. If none supports it, the client is refused with "bad authentication method"
 * [MQTT5-4.12.0-1].
 *
 * <p>Calls may block, unless the service property {@link #BLOCKING} says {@code false}: threads,
 * time and going are those of an {@link Authenticator}. That holds for all methods of the
 * authenticator and of its exchanges but {@link #name}. An exception, a failed stage, or no answer
 * within {@code authentication.timeout.ms} counts as {@link AuthResult.Cause#UNAVAILABLE}: the
 * client is refused.
 */
@ConsumerType
public interface EnhancedAuthenticator {
    /**
     * Name of the service property that says whether calls may block: {@code true} (the default) or
     * {@code false}. See above for what that means.
     */
    String BLOCKING = "blocking";

    /** A short name that never changes; shown to operators. */
    String name();

    /**
     * The Authentication Methods it supports, e.g. {@code SCRAM-SHA-256}. Always the same set:
     * asked until it has answered once.
     */
    Set<String> methods();

    /**
     * Begins an exchange with one client.
     *
     * @param request what the client presented in CONNECT; its password is not used here
     * @param method the client's Authentication Method, one of {@link #methods}
     * @param connected null at CONNECT. If a connected client authenticates again [MQTT5-4.12.1-1],
     *     its current identity; the broker refuses the client if the exchange finds a different
     *     identity
     */
    Exchange begin(ConnectRequest request, String method, @Nullable Principal connected);

    /**
     * One exchange with one client. Its methods are called one after the other, never concurrently.
     */
    interface Exchange {
        /**
         * Takes the client's Authentication Data and returns the next step.
         *
         * @param data from CONNECT or AUTH; null if the packet had none. The exchange owns the
         *     array
         */
        CompletionStage<Step> next(byte @Nullable [] data);

        /**
         * Called once when the exchange is over, whatever its outcome; after {@link #next} has
         * returned, if that is late.
         */
        default void close() {}
    }

    /** The next step of an exchange. */
    sealed interface Step {
        /**
         * Sends data to the client, which must answer with an AUTH packet.
         *
         * @param data the Authentication Data to send
         */
        record Continue(byte[] data) implements Step {}

        /**
         * Ends the exchange.
         *
         * @param result who the client is, or why it is refused; {@link AuthResult#ABSTAIN} refuses
         *     it too
         * @param data the last Authentication Data for a client that is let in, or null for none
         */
        record Done(AuthResult result, byte @Nullable [] data) implements Step {}
    }
}
