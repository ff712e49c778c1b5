package io.busbar.mqtt.broker.gate;

import io.busbar.api.auth.AclRule.Action;
import io.busbar.api.auth.Principal;
import io.busbar.api.auth.Ruling;
import io.busbar.api.auth.spi.Authorizer;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.call.CallSite;
import io.busbar.mqtt.broker.call.Calls;
import io.busbar.mqtt.broker.call.Provider;
import io.busbar.mqtt.broker.call.Providers;
import java.util.Optional;
import java.util.function.Function;

/**
 * Names what decides about rights, by rules that somebody has or would have, for people who ask
 * why. Asks only authorizers that never block: one that may is left in peace, and nothing is named.
 * Thread-safe.
 */
public final class Rulings {
    private final Providers<Authorizer> authorizers;
    private final Calls calls;

    /** Names what these authorizers decide. */
    public Rulings(Providers<Authorizer> authorizers, Calls calls) {
        this.authorizers = authorizers;
        this.calls = calls;
    }

    /** What decides about a topic; empty if nobody can be asked. */
    public Optional<Ruling> of(
            Principal principal, String clientId, Action action, TopicName topic) {
        return ask(authorizer -> authorizer.ruling(principal, clientId, action, topic));
    }

    /** What somebody with this identity could do; empty if nobody can be asked. */
    public Optional<Rights> rights(Principal principal, String clientId) {
        return ask(
                authorizer ->
                        authorizer
                                .permissions(principal, clientId)
                                .map(permissions -> new Rights(permissions, null, calls)));
    }

    private <R> Optional<R> ask(Function<Authorizer, Optional<R>> question) {
        for (Provider<Authorizer> provider : authorizers.inOrder()) {
            if (provider.bulkhead() != null || calls.isOut(provider.callee())) {
                return Optional.empty();
            }
            CallSite site = calls.watch().here();
            site.enter(provider.callee());
            try {
                Optional<R> answer = question.apply(provider.service());
                if (answer.isPresent()) {
                    return answer;
                }
            } catch (Exception | Error failure) {
                calls.complaints().add(provider + " failed", failure.toString());
                return Optional.empty();
            } finally {
                site.leave();
            }
        }
        return Optional.empty();
    }
}
