package io.busbar.api.auth.spi;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Decides who a client is. Published as a service; several are asked in the order of {@code
 * service.ranking} (highest first, then oldest first), and the first that does not abstain decides.
 * With none present every CONNECT is refused as "server unavailable".
 *
 * <p>Called on an event loop: an implementation that computes or waits for more than some
 * microseconds does so on threads of its own and completes the stage from there. A stage that
 * fails, or does not complete in the broker's authentication time-out, counts as {@link
 * AuthResult.Cause#UNAVAILABLE}. Running connections are not touched by providers that come or go.
 */
@ConsumerType
public interface Authenticator {
    /** A short stable name, e.g. {@code credentials}; shown to operators. */
    String name();

    CompletionStage<AuthResult> authenticate(ConnectRequest request);
}
