package io.busbar.api.auth.spi;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Finds out who a client is when it connects. Published as a service. Several authenticators are
 * asked in the order of {@code service.ranking}, highest first, then oldest first. The first one
 * that does not abstain decides. If there is none, every CONNECT is refused as "server
 * unavailable".
 *
 * <p><b>Threads.</b> Calls may block: the broker makes them on threads of its own, several at the
 * same time, so an implementation must be thread-safe. An implementation that answers within a few
 * microseconds, or works on threads of its own and completes the stage from there, should say so
 * with the service property {@link #BLOCKING} {@code = false}. It is called on an event loop then,
 * which is faster; but while a call does not return, the clients of that loop are not served.
 *
 * <p><b>Time.</b> If a stage fails, or does not complete within {@code authentication.timeout.ms}
 * from the request on, this counts as {@link AuthResult.Cause#UNAVAILABLE}: the client is refused.
 * A thread that still runs is interrupted then. A provider may use a quarter of {@code
 * provider.threads}; while calls hang on all of these, it is not asked, and clients are refused at
 * once. Other providers go on.
 *
 * <p><b>Going.</b> When its service goes, calls that run are interrupted and their clients refused.
 * Clients that are already connected are not affected when authenticators come or go.
 */
@ConsumerType
public interface Authenticator {
    /**
     * Name of the service property that says whether calls may block: {@code true} (the default) or
     * {@code false}. See above for what that means.
     */
    String BLOCKING = "blocking";

    /** A short name that never changes, e.g. {@code credentials}; shown to operators. */
    String name();

    /**
     * Authenticates a client from what it presented.
     *
     * @return the answer; {@link AuthResult#ABSTAIN} if this authenticator does not know the client
     */
    CompletionStage<AuthResult> authenticate(ConnectRequest request);

    /**
     * Tells that a client with a user name is refused, and that this authenticator did not decide
     * that: another one did, or nobody knows the client. Neither the time that a refusal takes nor
     * the number of guesses that are free may tell who knows the name. So an authenticator that was
     * not asked does the work now that a name of nobody costs it, and one that throttles guesses
     * counts this one. The client gets its answer when the stage is complete. Threads and time are
     * those of {@link #authenticate}.
     *
     * @param asked whether {@link #authenticate} was called for this request, and abstained
     */
    default CompletionStage<Void> refused(ConnectRequest request, boolean asked) {
        return CompletableFuture.completedFuture(null);
    }

    /**
     * Returns how long a client may have to wait for its turn before the work for it begins. The
     * broker gives it this time in addition to the authentication time-out, which is meant for
     * providers that hang. At most one minute counts. Asked only of a provider that does not block.
     */
    default Duration longestWait() {
        return Duration.ZERO;
    }
}
