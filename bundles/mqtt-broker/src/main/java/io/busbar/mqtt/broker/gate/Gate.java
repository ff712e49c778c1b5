package io.busbar.mqtt.broker.gate;

import io.busbar.api.auth.ClientIdClaim;
import io.busbar.api.auth.Principal;
import io.busbar.api.auth.spi.AuthResult;
import io.busbar.api.auth.spi.AuthResult.Cause;
import io.busbar.api.auth.spi.Authenticator;
import io.busbar.api.auth.spi.Authorizer;
import io.busbar.api.auth.spi.ClientIdOwners;
import io.busbar.api.auth.spi.ConnectRequest;
import io.busbar.api.auth.spi.EnhancedAuthenticator;
import io.busbar.api.auth.spi.Permissions;
import io.busbar.api.broker.Rejection;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who is let in and what a client may do. Asks the current authenticators and authorizers
 * in their order. If there are none, one of them throws anything (including errors such as a
 * missing class or a stack overflow), or the answer does not come in time, the client is refused.
 */
public final class Gate {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final AuthResult UNAVAILABLE =
            new AuthResult.Refused(Cause.UNAVAILABLE, null, null);
    private static final AuthResult UNKNOWN =
            new AuthResult.Refused(Cause.UNKNOWN_USER, null, null);
    private static final AuthResult NO_CREDENTIALS =
            new AuthResult.Refused(Cause.NO_CREDENTIALS, null, null);

    private final Ranked<Authenticator> authenticators = new Ranked<>();
    private final Ranked<EnhancedAuthenticator> enhanced = new Ranked<>();
    private final Ranked<Authorizer> authorizers = new Ranked<>();
    private final Ranked<ClientIdOwners> clientIdOwners = new Ranked<>();

    /** Receives the answer. */
    @FunctionalInterface
    public interface Answer {
        void answered(AuthResult result);
    }

    /** Runs something after a delay. */
    @FunctionalInterface
    public interface Delay {
        /** Returns what stops it. */
        Runnable after(Runnable action, long millis);
    }

    public Ranked<Authenticator> authenticators() {
        return authenticators;
    }

    public Ranked<EnhancedAuthenticator> enhancedAuthenticators() {
        return enhanced;
    }

    public Ranked<Authorizer> authorizers() {
        return authorizers;
    }

    public Ranked<ClientIdOwners> clientIdOwners() {
        return clientIdOwners;
    }

    /** Whose exchange an Authentication Method is; null if nobody knows the method. */
    public @Nullable EnhancedAuthenticator enhanced(String method) {
        for (EnhancedAuthenticator authenticator : enhanced.inOrder()) {
            try {
                if (authenticator.methods().contains(method)) {
                    return authenticator;
                }
            } catch (RuntimeException | Error failure) {
                LOG.warn("Enhanced authenticator failed: {}", failure.toString());
            }
        }
        return null;
    }

    /**
     * Asks who the client is. The first authenticator that does not abstain decides; the password
     * is wiped afterwards.
     *
     * @param loop where the answer is given, at once if every authenticator answers at once
     */
    public void authenticate(
            ConnectRequest request, Executor loop, Delay delay, long timeoutMillis, Answer answer) {
        List<Authenticator> chain = authenticators.inOrder();
        if (chain.isEmpty()) {
            wipe(request);
            answer.answered(UNAVAILABLE);
            return;
        }
        Inquiry inquiry = new Inquiry(request, loop, chain, answer);
        inquiry.ask(0);
        if (!inquiry.done.get()) {
            inquiry.stopTimer = delay.after(inquiry::timeOut, timeoutMillis);
        }
    }

    private static void wipe(ConnectRequest request) {
        byte[] password = request.password();
        if (password != null) {
            Arrays.fill(password, (byte) 0);
        }
    }

    private static final class Inquiry {
        private final ConnectRequest request;
        private final Executor loop;
        private final List<Authenticator> chain;
        private final Answer answer;
        private final AtomicBoolean done = new AtomicBoolean();
        private volatile @Nullable Runnable stopTimer;
        private Cause otherwise = Cause.UNKNOWN_USER;

        Inquiry(ConnectRequest request, Executor loop, List<Authenticator> chain, Answer answer) {
            this.request = request;
            this.loop = loop;
            this.chain = chain;
            this.answer = answer;
        }

        void ask(int from) {
            for (int i = from; i < chain.size(); i++) {
                Authenticator authenticator = chain.get(i);
                CompletableFuture<AuthResult> stage;
                try {
                    stage = authenticator.authenticate(request).toCompletableFuture();
                } catch (RuntimeException | Error failure) {
                    failed(failure);
                    return;
                }
                if (!stage.isDone()) {
                    int next = i + 1;
                    stage.whenComplete(
                            (result, failure) ->
                                    loop.execute(
                                            () -> {
                                                if (failure != null) {
                                                    failed(failure);
                                                } else if (!take(result)) {
                                                    ask(next);
                                                }
                                            }));
                    return;
                }
                AuthResult result;
                try {
                    result = stage.join();
                } catch (RuntimeException failure) {
                    failed(failure);
                    return;
                }
                if (take(result)) {
                    return;
                }
            }
            boolean named = request.username() != null || request.password() != null;
            if (otherwise != Cause.UNKNOWN_USER) {
                finish(new AuthResult.Refused(otherwise, null, null));
            } else {
                finish(named ? UNKNOWN : NO_CREDENTIALS);
            }
        }

        private boolean take(@Nullable AuthResult result) {
            if (result instanceof AuthResult.Abstain abstain) {
                if (otherwise == Cause.UNKNOWN_USER) {
                    otherwise = abstain.otherwise();
                }
                return false;
            }
            finish(result == null ? UNAVAILABLE : result);
            return true;
        }

        private void failed(Throwable failure) {
            LOG.warn(
                    "Authenticator failed, client refused: {} (clientId={})",
                    failure.toString(),
                    request.clientId().replaceAll("\\p{Cntrl}", "?"));
            finish(UNAVAILABLE);
        }

        void timeOut() {
            loop.execute(
                    () -> {
                        if (!done.get()) {
                            LOG.warn("Authenticator gave no answer in time, client refused");
                            finish(UNAVAILABLE);
                        }
                    });
        }

        private void finish(AuthResult result) {
            if (done.compareAndSet(false, true)) {
                Runnable stop = stopTimer;
                if (stop != null) {
                    stop.run();
                }
                wipe(request);
                answer.answered(result);
            }
        }
    }

    /**
     * Asks what a client may do; the first authorizer that answers decides, and without an answer
     * nothing is allowed.
     */
    public Rights rights(Principal principal, String clientId) {
        for (Authorizer authorizer : authorizers.inOrder()) {
            try {
                Optional<Permissions> permissions = authorizer.permissions(principal, clientId);
                if (permissions.isPresent()) {
                    return new Rights(permissions.get());
                }
            } catch (RuntimeException | Error failure) {
                LOG.warn("Authorizer failed, client may do nothing: {}", failure.toString());
                return new Rights(Permissions.NONE);
            }
        }
        return new Rights(Permissions.NONE);
    }

    /** What an identity may do with a Client Identifier. */
    public enum Entitlement {
        /** It may use it. */
        ALLOWED,
        /** It belongs to an identity with a more precise claim. */
        RESERVED,
        /** A provider failed to say. */
        UNKNOWN
    }

    /** Whether an identity may use a Client Identifier, by what all providers say of it. */
    public Entitlement entitlement(Principal principal, String clientId) {
        try {
            ClientIdClaim strongest = ClientIdClaim.NONE;
            for (ClientIdOwners owners : clientIdOwners.inOrder()) {
                strongest = strongest.or(owners.strongest(clientId));
            }
            return strongest.beats(claim(principal, clientId))
                    ? Entitlement.RESERVED
                    : Entitlement.ALLOWED;
        } catch (RuntimeException | Error failure) {
            LOG.warn("Owner of Client Identifier unknown, client refused: {}", failure.toString());
            return Entitlement.UNKNOWN;
        }
    }

    /** Whether the one identity has a more precise claim on a Client Identifier than the other. */
    public boolean outranks(Principal one, Principal other, String clientId) {
        try {
            return claim(one, clientId).beats(claim(other, clientId));
        } catch (RuntimeException | Error failure) {
            LOG.warn("Owner of Client Identifier unknown, session stays: {}", failure.toString());
            return false;
        }
    }

    private ClientIdClaim claim(Principal principal, String clientId) {
        ClientIdClaim claim = ClientIdClaim.NONE;
        for (ClientIdOwners owners : clientIdOwners.inOrder()) {
            claim = claim.or(owners.claim(principal.id(), clientId));
        }
        return claim;
    }

    /**
     * A provider's refusal as it is recorded. The client is told its Reason Code: the same for an
     * unknown user and a wrong password.
     */
    public static Rejection.Cause causeOf(Cause cause) {
        return switch (cause) {
            case UNKNOWN_USER -> Rejection.Cause.UNKNOWN_USER;
            case WRONG_PASSWORD -> Rejection.Cause.WRONG_PASSWORD;
            case NO_CREDENTIALS -> Rejection.Cause.NO_CREDENTIALS;
            case CLIENT_ID_NOT_ALLOWED -> Rejection.Cause.CLIENT_ID_NOT_ALLOWED;
            case DISABLED -> Rejection.Cause.DISABLED;
            case EXPIRED -> Rejection.Cause.EXPIRED;
            case ADDRESS_NOT_ALLOWED -> Rejection.Cause.ADDRESS_NOT_ALLOWED;
            case TOO_MANY_CONNECTIONS -> Rejection.Cause.TOO_MANY_CONNECTIONS;
            case THROTTLED -> Rejection.Cause.THROTTLED;
            case UNAVAILABLE -> Rejection.Cause.UNAVAILABLE;
        };
    }
}
