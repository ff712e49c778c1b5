package io.busbar.mqtt.broker.explain;

import io.busbar.api.auth.AclRule.Action;
import io.busbar.api.auth.Principal;
import io.busbar.api.auth.Ruling;
import io.busbar.api.auth.spi.Permissions.SubscribeDecision;
import io.busbar.api.explain.WhatIf;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.gate.Rights;
import io.busbar.mqtt.broker.gate.Rulings;
import io.busbar.mqtt.broker.session.Session;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What clients may do, by the rights that they have, or by others that are taken as given. The
 * rights that a session has decide; rules are only named.
 */
final class Access {
    private final Rulings rulings;
    private final WhatIf.@Nullable Access wanted;

    /**
     * Makes one.
     *
     * @param wanted other rules of an identity, or null
     */
    Access(Rulings rulings, WhatIf.@Nullable Access wanted) {
        this.rulings = rulings;
        this.wanted = wanted;
    }

    private boolean isWanted(Session session) {
        return wanted != null && wanted.principalId().equals(session.principal().id());
    }

    /** The identity of a session, with the rules that are taken as given. */
    private Principal principal(Session session) {
        Principal own = session.principal();
        return wanted == null || !isWanted(session)
                ? own
                : new Principal(
                        own.id(),
                        own.provider(),
                        own.username(),
                        own.description(),
                        wanted.rules(),
                        own.maxConnections());
    }

    /**
     * The rights that somebody would have.
     *
     * @throws IllegalStateException if nobody can say that
     */
    private Rights foreseen(Session session) {
        return rulings.rights(principal(session), session.clientId())
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "The authorizer cannot be asked what other rules would"
                                                + " allow: it may block, or there is none."));
    }

    /** Whether a session may get messages of a topic. */
    boolean mayReceive(Session session, TopicName topic) {
        return isWanted(session) ? foreseen(session).mayTake(topic) : session.mayTake(topic);
    }

    /** What decides about receiving; null if nobody knows the rights of the session. */
    @Nullable Ruling receiving(Session session, TopicName topic) {
        if (!session.isJudged() && !isWanted(session)) {
            return null;
        }
        return named(session, Action.SUBSCRIBE, topic, mayReceive(session, topic));
    }

    /** What decides about publishing; null if nobody knows the rights of the session. */
    @Nullable Ruling publishing(Session session, TopicName topic) {
        Rights own = isWanted(session) ? foreseen(session) : session.rights();
        return own == null ? null : named(session, Action.PUBLISH, topic, own.mayBring(topic));
    }

    private Ruling named(Session session, Action action, TopicName topic, boolean allowed) {
        return rulings.of(principal(session), session.clientId(), action, topic)
                .filter(ruling -> ruling.allowed() == allowed)
                .orElseGet(() -> unnamed(session, action, topic, allowed));
    }

    private static Ruling unnamed(
            Session session, Action action, TopicName topic, boolean allowed) {
        Rights own = session.rights();
        return Ruling.without(
                allowed,
                allowed || own == null ? "" : own.reason(action == Action.PUBLISH, topic.value()));
    }

    /** How a subscription would be judged by rights that are taken as given; else empty. */
    Optional<SubscribeDecision> subscribing(Session session, TopicFilter filter) {
        return isWanted(session)
                ? Optional.of(foreseen(session).subscribe(filter))
                : Optional.empty();
    }
}
