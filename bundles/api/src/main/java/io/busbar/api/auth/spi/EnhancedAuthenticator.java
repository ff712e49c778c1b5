package io.busbar.api.auth.spi;

import io.busbar.api.auth.Principal;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Finds out who a client is in an exchange of AUTH packets, MQTT 5.0 section 4.12. Published as a
 * service. Of several that know the client's Authentication Method, the one with the highest {@code
 * service.ranking} (then the oldest) has the exchange to itself; with none, the client is refused
 * with "bad authentication method" [MQTT5-4.12.0-1].
 *
 * <p>Called on an event loop: what computes or waits for more than some microseconds completes its
 * stage from threads of its own. What throws, fails, or does not answer in the broker's
 * authentication time-out counts as {@link AuthResult.Cause#UNAVAILABLE}.
 */
@ConsumerType
public interface EnhancedAuthenticator {
    /** A short stable name; shown to operators. */
    String name();

    /** The Authentication Methods that it knows, e.g. {@code SCRAM-SHA-256}. Does not change. */
    Set<String> methods();

    /**
     * Begins an exchange.
     *
     * @param request what CONNECT said; its password plays no part
     * @param method one of {@link #methods}
     * @param connected who the client was found to be when it connected, if it authenticates again
     *     [MQTT5-4.12.1-1]; null at CONNECT. Whoever else is found then is refused by the broker
     */
    Exchange begin(ConnectRequest request, String method, @Nullable Principal connected);

    /** One exchange with one client; its calls come one after the other. */
    interface Exchange {
        /**
         * Takes the client's Authentication Data and says what follows.
         *
         * @param data of CONNECT or AUTH, null if there was none; belongs to the exchange
         */
        CompletionStage<Step> next(byte @Nullable [] data);

        /** The exchange is over, whatever the outcome; called once. */
        default void close() {}
    }

    /** What follows. */
    sealed interface Step {
        /** The client has to answer this data with an AUTH packet of its own. */
        record Continue(byte[] data) implements Step {}

        /**
         * It is known who the client is, or that it is refused; an abstention refuses.
         *
         * @param data what a client that is let in is told last, or null
         */
        record Done(AuthResult result, byte @Nullable [] data) implements Step {}
    }
}
