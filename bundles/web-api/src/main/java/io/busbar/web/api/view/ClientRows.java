package io.busbar.web.api.view;

import com.google.gson.JsonObject;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.Principal;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.Clients;
import io.busbar.api.broker.SessionView;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.state.ClientRates;
import io.busbar.web.api.state.ClientTraffic;
import io.busbar.web.api.state.ConnectionHistory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Combines connections, sessions and credentials into the rows of the list of clients. Thread-safe.
 */
public final class ClientRows {
    /** How far back a row says when the client was connected. */
    private static final Duration PRESENCE = Duration.ofHours(1);

    private final Backend services;
    private final ClientRates rates;
    private final ConnectionHistory history;
    private final ClientTraffic traffic;
    private final Clock clock;

    public ClientRows(
            Backend services,
            ClientRates rates,
            ConnectionHistory history,
            ClientTraffic traffic,
            Clock clock) {
        this.services = services;
        this.rates = rates;
        this.history = history;
        this.traffic = traffic;
        this.clock = clock;
    }

    /** Hands the row of each session to a consumer: connected or not, each once, in no order. */
    public void each(Consumer<ClientRow> consumer) {
        Clients clients = services.clients();
        clients.eachSession(
                session ->
                        consumer.accept(
                                clients.get(session.clientId())
                                        .map(client -> online(client, session))
                                        .orElseGet(() -> offline(session))));
    }

    /** One of them. */
    public Optional<ClientRow> find(String clientId) {
        Clients clients = services.clients();
        Optional<ClientView> client = clients.get(clientId);
        if (client.isPresent()) {
            return client.map(this::online);
        }
        return clients.session(clientId).filter(session -> !session.online()).map(this::offline);
    }

    /** The row of a connection. */
    public ClientRow online(ClientView client) {
        return online(
                client,
                services.findClients()
                        .flatMap(clients -> clients.session(client.clientId()))
                        .orElse(null));
    }

    private ClientRow online(ClientView client, @Nullable SessionView session) {
        Principal principal = client.principal();
        boolean known = credential(principal.id()) != null;
        ClientRates.Rate rate = rates.of(client);
        return new ClientRow(
                client.clientId(),
                true,
                known ? principal.id() : null,
                known ? principal.description() : null,
                principal.username(),
                client.address(),
                client.version().text(),
                ClientRow.nameOf(client.transport()),
                client.keepAliveSeconds(),
                client.cleanStart(),
                client.sessionExpirySeconds(),
                client.subscriptions(),
                client.messagesIn(),
                client.messagesOut(),
                rate.in(),
                rate.out(),
                client.queued(),
                client.connectedAt(),
                null,
                null,
                null,
                session == null ? null : reservedFor(session),
                presence(client.clientId()),
                traffic.of(client.clientId()));
    }

    private ClientRow offline(SessionView session) {
        Credential credential = credential(session.principalId());
        ConnectionHistory.Connection departure = history.lastEnded(session.clientId()).orElse(null);
        ConnectionHistory.End end = departure == null ? null : departure.end();
        ClientView last = departure == null ? null : departure.client();
        return new ClientRow(
                session.clientId(),
                false,
                credential == null ? null : credential.id(),
                credential == null ? null : credential.description(),
                credential != null ? credential.username() : session.username(),
                last == null ? null : last.address(),
                last == null ? null : last.version().text(),
                last == null ? null : ClientRow.nameOf(last.transport()),
                last == null ? 0 : last.keepAliveSeconds(),
                last != null && last.cleanStart(),
                session.expirySeconds(),
                session.subscriptions(),
                last == null ? 0 : last.messagesIn(),
                last == null ? 0 : last.messagesOut(),
                0,
                0,
                session.queued(),
                null,
                session.disconnectedAt(),
                end == null ? null : end.cause(),
                end == null ? null : end.reasonText(),
                reservedFor(session),
                presence(session.clientId()),
                traffic.of(session.clientId()));
    }

    /** The connections of the last hour that are still known. */
    private List<ConnectionHistory.Connection> presence(String clientId) {
        Instant begin = clock.instant().minus(PRESENCE);
        return history.of(clientId).stream()
                .filter(each -> each.end() == null || each.end().at().isAfter(begin))
                .toList();
    }

    private @Nullable JsonObject reservedFor(SessionView session) {
        return session.reserved()
                ? SessionRows.ref(SessionRows.reservedFor(services, session.clientId()))
                : null;
    }

    private @Nullable Credential credential(String id) {
        return id.isEmpty()
                ? null
                : services.findCredentials().flatMap(c -> c.get(id)).orElse(null);
    }
}
