package io.busbar.mqtt.broker;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.Principal;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.Clients;
import io.busbar.api.broker.SessionView;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.mqtt.broker.gate.Gate;
import io.busbar.mqtt.broker.session.Attached;
import io.busbar.mqtt.broker.session.RightsChange;
import io.busbar.mqtt.broker.session.Session;
import io.busbar.mqtt.broker.session.SessionClaims;
import io.busbar.mqtt.broker.session.Sessions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sessions as other bundles see them. Changes are carried out on the sessions' loops. */
final class ConnectedClients implements Clients {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectedClients.class);

    private final Sessions sessions;
    private final SessionClaims claims;
    private final Gate gate;

    ConnectedClients(Sessions sessions, SessionClaims claims, Gate gate) {
        this.sessions = sessions;
        this.claims = claims;
        this.gate = gate;
    }

    @Override
    public void each(Consumer<? super ClientView> consumer) {
        for (Session session : sessions.all()) {
            Attached attached = session.attached();
            if (attached != null) {
                consumer.accept(attached.view());
            }
        }
    }

    @Override
    public Optional<ClientView> get(String clientId) {
        Session session = sessions.get(clientId);
        Attached attached = session == null ? null : session.attached();
        return attached == null ? Optional.empty() : Optional.of(attached.view());
    }

    @Override
    public void eachSession(Consumer<? super SessionView> consumer) {
        for (Session session : sessions.all()) {
            consumer.accept(viewOf(session));
        }
    }

    @Override
    public Optional<SessionView> session(String clientId) {
        return Optional.ofNullable(sessions.get(clientId)).map(this::viewOf);
    }

    private SessionView viewOf(Session session) {
        boolean online = session.attached() != null;
        long since = session.disconnectedAt();
        long expiry = session.expirySeconds();
        return new SessionView(
                session.clientId(),
                session.principal().id(),
                session.principal().username(),
                gate.entitlement(session.principal(), session.clientId())
                        == Gate.Entitlement.RESERVED,
                online,
                session.subscriptionCount(),
                session.owedCount(),
                session.owedBytes(),
                expiry,
                Instant.ofEpochMilli(session.createdAt()),
                online ? null : Instant.ofEpochMilli(since),
                online || expiry == Session.NEVER
                        ? null
                        : Instant.ofEpochMilli(since + expiry * 1000));
    }

    @Override
    public List<SubscriptionRecord> subscriptions(String clientId) {
        Session session = sessions.get(clientId);
        return session == null ? List.of() : session.subscriptionRecords();
    }

    @Override
    public boolean disconnect(String clientId, ReasonCode reason, String text, Actor actor) {
        Session session = sessions.get(clientId);
        if (session == null || session.attached() == null) {
            return false;
        }
        session.execute(() -> end(session, reason, text, actor));
        return true;
    }

    private static void end(Session session, ReasonCode reason, String text, Actor actor) {
        Attached attached = session.attached();
        if (attached != null) {
            attached.end(reason, text, actor);
        }
    }

    @Override
    public boolean endSession(String clientId, String text, Actor actor) {
        Session session = sessions.get(clientId);
        if (session == null) {
            return false;
        }
        session.execute(
                () -> {
                    end(session, ReasonCode.ADMINISTRATIVE_ACTION, text, actor);
                    sessions.end(session, actor);
                });
        return true;
    }

    @Override
    public int disconnectAll(
            String principalId, ReasonCode reason, String text, boolean endSessions, Actor actor) {
        int connected = 0;
        claims.revoked();
        for (Session session : sessions.all()) {
            if (!session.principal().id().equals(principalId)) {
                continue;
            }
            if (session.attached() != null) {
                connected++;
            }
            session.execute(
                    () -> {
                        end(session, reason, text, actor);
                        if (endSessions) {
                            sessions.end(session, actor);
                        }
                    });
        }
        return connected;
    }

    @Override
    public void update(Principal principal, Actor actor) {
        LOG.debug("Rights changed (principal={}, by={})", principal.id(), actor);
        gate.changed();
        for (Session session : sessions.all()) {
            if (session.principal().id().equals(principal.id())) {
                session.execute(() -> RightsChange.of(session, principal, gate));
            }
        }
    }
}
