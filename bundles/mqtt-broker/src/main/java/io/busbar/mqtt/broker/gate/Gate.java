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
import io.busbar.api.broker.ProviderView;
import io.busbar.api.broker.Rejection;
import io.busbar.mqtt.broker.call.Bulkhead;
import io.busbar.mqtt.broker.call.CallSite;
import io.busbar.mqtt.broker.call.Calls;
import io.busbar.mqtt.broker.call.NotAskedException;
import io.busbar.mqtt.broker.call.Provider;
import io.busbar.mqtt.broker.call.Providers;
import io.busbar.mqtt.broker.link.EventLoop;
import io.busbar.mqtt.broker.loop.Loops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides who is let in and what a client may do. Asks the current authenticators and authorizers
 * in their order. If there are none, one of them throws anything (including errors such as a
 * missing class or a stack overflow), or the answer does not come in time, the client is refused.
 *
 * <p>Providers that may block are asked on threads of their own; so every answer may come later, on
 * the loop of who asked. It comes at once if all that are asked answer at once on the loop.
 */
public final class Gate {
    private static final AuthResult UNAVAILABLE =
            new AuthResult.Refused(Cause.UNAVAILABLE, null, null);
    private static final long MAX_WAIT_MILLIS = 60_000;

    private final Loops loops;
    private final Calls calls;
    private final int timeoutMillis;
    private final Providers<Authenticator> authenticators;
    private final Providers<EnhancedAuthenticator> enhanced;
    private final Providers<Authorizer> authorizers;
    private final Providers<ClientIdOwners> clientIdOwners;
    private final AtomicLong changes = new AtomicLong();

    /** Receives the answer. */
    @FunctionalInterface
    public interface Answer {
        /**
         * It is known who the client is, or that it is nobody.
         *
         * @param detail for people, why there is no answer; may be empty
         */
        void answered(AuthResult result, String detail);
    }

    /** Receives what a client may do. */
    @FunctionalInterface
    public interface RightsAnswer {
        /**
         * It is known what the client may do, or that nobody says it.
         *
         * @param rights null if an authorizer did not answer in time, or there is none
         * @param why for people, if there are none
         */
        void known(@Nullable Rights rights, String why);
    }

    /** Receives whose an Authentication Method is. */
    @FunctionalInterface
    public interface MethodAnswer {
        /**
         * It is known who supports the method, if anybody does.
         *
         * @param provider null if nobody supports it, or that is not known
         * @param why for people, why it is not known; empty if it is
         */
        void known(@Nullable Provider<EnhancedAuthenticator> provider, String why);
    }

    /**
     * Makes one without providers.
     *
     * @param timeoutMillis how long a provider may take to answer
     */
    public Gate(Loops loops, Calls calls, int timeoutMillis) {
        this.loops = loops;
        this.calls = calls;
        this.timeoutMillis = timeoutMillis;
        this.authenticators = new Providers<>("authenticator", calls);
        this.enhanced = new Providers<>("enhanced authenticator", calls);
        this.authorizers = new Providers<>("authorizer", calls);
        this.clientIdOwners = Providers.onLoops("owners of Client Identifiers", calls);
    }

    public Providers<Authenticator> authenticators() {
        return authenticators;
    }

    public Providers<EnhancedAuthenticator> enhancedAuthenticators() {
        return enhanced;
    }

    public Providers<Authorizer> authorizers() {
        return authorizers;
    }

    public Providers<ClientIdOwners> clientIdOwners() {
        return clientIdOwners;
    }

    /** All of them, as operators see them. */
    public List<ProviderView> views() {
        List<ProviderView> views = new ArrayList<>(authenticators.views());
        views.addAll(enhanced.views());
        views.addAll(authorizers.views());
        views.addAll(clientIdOwners.views());
        return views;
    }

    Calls calls() {
        return calls;
    }

    int timeoutMillis() {
        return timeoutMillis;
    }

    long nanos() {
        return loops.ticker().nanos();
    }

    EventLoop.Timer schedule(Runnable action, long millis) {
        return loops.schedule(action, millis);
    }

    /** What is left of a time that began at a moment, at least one millisecond. */
    long leftMillis(long began, long millis) {
        return Math.max(1, millis - (nanos() - began) / 1_000_000);
    }

    /** What a provider says about the wait for a turn, as far as it is believed. */
    long waitMillis(Duration wait) {
        return Math.max(0, Math.min(wait.toMillis(), MAX_WAIT_MILLIS));
    }

    /**
     * Asks who the client is. The first authenticator that does not abstain decides.
     *
     * @param request its password is wiped when nobody needs it any more
     * @param loop where the answer is given
     */
    public void authenticate(ConnectRequest request, Executor loop, Answer answer) {
        List<Provider<Authenticator>> chain = authenticators.inOrder();
        if (chain.isEmpty()) {
            String why = "there is no authenticator";
            Inquiry.wipe(request);
            calls.complaints().add(why);
            answer.answered(UNAVAILABLE, why);
            return;
        }
        new Inquiry(this, request, loop, chain, answer).ask(0);
    }

    // ---- enhanced authentication

    /** Finds whose exchange an Authentication Method is. */
    public void enhanced(String method, Executor loop, MethodAnswer answer) {
        find(method, enhanced.inOrder(), 0, nanos(), loop, answer);
    }

    private void find(
            String method,
            List<Provider<EnhancedAuthenticator>> chain,
            int from,
            long began,
            Executor loop,
            MethodAnswer answer) {
        for (int i = from; i < chain.size(); i++) {
            Provider<EnhancedAuthenticator> provider = chain.get(i);
            Set<String> known = provider.methods();
            Bulkhead bulkhead = provider.bulkhead();
            if (known == null && bulkhead != null) {
                int at = i;
                bulkhead.call(
                                () -> Set.copyOf(provider.service().methods()),
                                leftMillis(began, timeoutMillis))
                        .answer()
                        .whenComplete(
                                (found, failure) ->
                                        loop.execute(
                                                () -> {
                                                    if (failure instanceof NotAskedException) {
                                                        String why = because(provider, failure);
                                                        calls.complaints().add(why);
                                                        answer.known(null, why);
                                                        return;
                                                    }
                                                    methodsAre(provider, found, failure);
                                                    int next = failure == null ? at : at + 1;
                                                    find(method, chain, next, began, loop, answer);
                                                }));
                return;
            }
            if (known == null) {
                known = methodsOnLoop(provider);
            }
            if (known.contains(method)) {
                answer.known(provider, "");
                return;
            }
        }
        answer.known(null, "");
    }

    private Set<String> methodsOnLoop(Provider<EnhancedAuthenticator> provider) {
        if (calls.isOut(provider.callee())) {
            return Set.of();
        }
        CallSite site = calls.watch().here();
        site.enter(provider.callee());
        try {
            Set<String> found = Set.copyOf(provider.service().methods());
            methodsAre(provider, found, null);
            return found;
        } catch (Exception | Error failure) {
            methodsAre(provider, null, failure);
            return Set.of();
        } finally {
            site.leave();
        }
    }

    private void methodsAre(
            Provider<EnhancedAuthenticator> provider,
            @Nullable Set<String> found,
            @Nullable Throwable failure) {
        if (found != null) {
            provider.methods(found);
        } else {
            calls.complaints().add(provider + " failed", String.valueOf(failure));
        }
    }

    /** Tells the log why an exchange has no outcome; returns what people are told of it. */
    public String whyNot(@Nullable Conversation conversation, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause instanceof NotAskedException) {
            String why = conversation + " " + cause.getMessage();
            calls.complaints().add(why);
            return why;
        }
        calls.complaints().add(conversation + " failed", cause.toString());
        return conversation + " failed: " + cause;
    }

    static String because(Provider<?> provider, Throwable notAsked) {
        return provider + " " + notAsked.getMessage();
    }

    // ---- rights

    /** Who asked for rights before this grows may have got old ones. */
    public long changes() {
        return changes.get();
    }

    /** The rights of somebody have changed. */
    public void changed() {
        changes.incrementAndGet();
    }

    /** Nothing is allowed. */
    public Rights nothing() {
        return new Rights(Permissions.NONE, null, calls);
    }

    /**
     * Asks what a client may do; the first authorizer that answers decides, and if all abstain,
     * nothing is allowed. While there is none, as when the server starts, nobody knows: a client
     * that came in without rights would be acknowledged messages of MQTT 3 that go nowhere
     * [MQTT311-3.3.5-2].
     *
     * @param loop where the answer is given
     */
    public void rights(Principal principal, String clientId, Executor loop, RightsAnswer answer) {
        List<Provider<Authorizer>> chain = authorizers.inOrder();
        if (chain.isEmpty()) {
            String why = "there is no authorizer";
            calls.complaints().add(why);
            answer.known(null, why);
            return;
        }
        rights(chain, 0, nanos(), principal, clientId, loop, answer);
    }

    private void rights(
            List<Provider<Authorizer>> chain,
            int from,
            long began,
            Principal principal,
            String clientId,
            Executor loop,
            RightsAnswer answer) {
        for (int i = from; i < chain.size(); i++) {
            Provider<Authorizer> provider = chain.get(i);
            Bulkhead bulkhead = provider.bulkhead();
            if (bulkhead != null) {
                int next = i + 1;
                bulkhead.call(
                                () -> provider.service().permissions(principal, clientId),
                                leftMillis(began, timeoutMillis))
                        .answer()
                        .whenComplete(
                                (permissions, failure) ->
                                        loop.execute(
                                                () -> {
                                                    if (!decide(
                                                            provider,
                                                            permissions,
                                                            failure,
                                                            answer)) {
                                                        rights(
                                                                chain, next, began, principal,
                                                                clientId, loop, answer);
                                                    }
                                                }));
                return;
            }
            if (calls.isOut(provider.callee())) {
                String why = provider + " hangs, or hung lately";
                calls.complaints().add(why);
                answer.known(null, why);
                return;
            }
            Optional<Permissions> permissions = null;
            Throwable failure = null;
            CallSite site = calls.watch().here();
            site.enter(provider.callee());
            try {
                permissions = provider.service().permissions(principal, clientId);
            } catch (Exception | Error thrown) {
                failure = thrown;
            } finally {
                site.leave();
            }
            if (decide(provider, permissions, failure, answer)) {
                return;
            }
        }
        answer.known(nothing(), "");
    }

    /** Whether an authorizer has decided. */
    private boolean decide(
            Provider<Authorizer> provider,
            @Nullable Optional<Permissions> permissions,
            @Nullable Throwable failure,
            RightsAnswer answer) {
        if (failure instanceof NotAskedException) {
            String why = because(provider, failure);
            calls.complaints().add(why);
            answer.known(null, why);
        } else if (permissions == null) {
            calls.complaints()
                    .add(provider + " failed: the client may do nothing", String.valueOf(failure));
            answer.known(nothing(), "");
        } else if (permissions.isPresent()) {
            answer.known(new Rights(permissions.get(), provider.callee(), calls), "");
        } else {
            return false;
        }
        return true;
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
            return claims(owners -> owners.strongest(clientId)).beats(claim(principal, clientId))
                    ? Entitlement.RESERVED
                    : Entitlement.ALLOWED;
        } catch (NotAskedException unknown) {
            return Entitlement.UNKNOWN;
        }
    }

    /** Whether the one identity has a more precise claim on a Client Identifier than the other. */
    public boolean outranks(Principal one, Principal other, String clientId) {
        try {
            return claim(one, clientId).beats(claim(other, clientId));
        } catch (NotAskedException unknown) {
            return false;
        }
    }

    private ClientIdClaim claim(Principal principal, String clientId) {
        return claims(owners -> owners.claim(principal.id(), clientId));
    }

    /** The most precise of what all say; throws if one of them cannot be asked, or fails. */
    private ClientIdClaim claims(Function<ClientIdOwners, ClientIdClaim> question) {
        ClientIdClaim claim = ClientIdClaim.NONE;
        for (Provider<ClientIdOwners> provider : clientIdOwners.inOrder()) {
            if (calls.isOut(provider.callee())) {
                String why = provider + " hangs, or hung lately";
                calls.complaints().add(why);
                throw new NotAskedException(why);
            }
            CallSite site = calls.watch().here();
            site.enter(provider.callee());
            try {
                claim = claim.or(question.apply(provider.service()));
            } catch (Exception | Error failure) {
                String why = provider + " failed";
                calls.complaints().add(why, failure.toString());
                throw new NotAskedException(why);
            } finally {
                site.leave();
            }
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
            case BUSY -> Rejection.Cause.AUTHENTICATION_BUSY;
            case UNAVAILABLE -> Rejection.Cause.UNAVAILABLE;
        };
    }
}
