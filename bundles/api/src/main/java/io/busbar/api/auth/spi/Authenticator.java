package io.busbar.api.auth.spi;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Finds out who a client is when it connects. Published as a service. Several authenticators are
 * asked in the order of {@code service.ranking}, highest first, then oldest first. The first one
 * that does not abstain decides. If there is none, every CONNECT is refused as "server
 * unavailable".
 *
 * <p>The broker calls it on an event loop. Work that takes longer than a few microseconds must run
 * on the implementation's own threads and complete the stage from there. If a stage fails, or does
 * not complete within the broker's authentication time-out, this counts as {@link
 * AuthResult.Cause#UNAVAILABLE}. Clients that are already connected are not affected when
 * authenticators come or go.
 */
@ConsumerType
public interface Authenticator {
    /** A short name that never changes, e.g. {@code credentials}; shown to operators. */
    String name();

    /**
     * Authenticates a client from what it presented.
     *
     * @return the answer; {@link AuthResult#ABSTAIN} if this authenticator does not know the client
     */
    CompletionStage<AuthResult> authenticate(ConnectRequest request);
}
