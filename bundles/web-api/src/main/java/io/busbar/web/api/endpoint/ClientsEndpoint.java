package io.busbar.web.api.endpoint;

import io.busbar.api.accounts.Role;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.view.ClientRow;
import io.busbar.web.api.view.ClientRows;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Page;
import io.busbar.web.http.Problem;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /clients}: connected clients, and sessions whose client is offline. */
public final class ClientsEndpoint {
    private static final Map<String, Comparator<ClientRow>> SORTS = sorts();

    private final Backend services;
    private final ClientRows rows;

    public ClientsEndpoint(Backend services, ClientRows rows) {
        this.services = services;
        this.rows = rows;
    }

    public void addTo(Router router) {
        router.add("GET", "/clients", Role.VIEWER, this::list)
                .add("GET", "/clients/{clientId}", Role.VIEWER, this::get)
                .add("DELETE", "/clients/{clientId}", Role.OPERATOR, this::disconnect)
                .add("GET", "/clients/{clientId}/subscriptions", Role.VIEWER, this::subscriptions);
    }

    private Answer list(Request request) {
        String q = request.query("q").map(Sorting::folded).orElse("");
        String state = request.queryChoice("state", List.of("ONLINE", "OFFLINE")).orElse("");
        String protocol =
                request.queryChoice("protocol", List.of("3.1", "3.1.1", "5.0")).orElse("");
        String transport =
                request.queryChoice("transport", List.of("tcp", "tls", "ws", "wss")).orElse("");
        String credentialId = request.query("credentialId").orElse("");
        Comparator<ClientRow> order =
                Comparator.comparing(ClientRow::online)
                        .reversed()
                        .thenComparing(Sorting.of(request, SORTS, "-connectedAt"))
                        .thenComparing(ClientRow::clientId);
        List<ClientRow> matching = new ArrayList<>();
        for (ClientRow row : rows.all()) {
            boolean fits =
                    (q.isEmpty() || matches(row, q))
                            && (state.isEmpty() || row.online() == state.equals("ONLINE"))
                            && (protocol.isEmpty() || protocol.equals(row.protocol()))
                            && (transport.isEmpty() || transport.equals(row.transport()))
                            && (credentialId.isEmpty() || credentialId.equals(row.credentialId()));
            if (fits) {
                matching.add(row);
            }
        }
        matching.sort(order);
        return Answer.ok(Page.of(request, matching, ClientRow::clientId, ClientRow::toJson));
    }

    private static boolean matches(ClientRow row, String q) {
        return Sorting.folded(row.clientId()).contains(q)
                || Sorting.folded(row.username()).contains(q)
                || Sorting.folded(row.credentialDescription()).contains(q)
                || Sorting.folded(row.address()).contains(q);
    }

    private Answer get(Request request) {
        String clientId = ClientIdPath.of(request);
        return Answer.ok(
                rows.find(clientId).orElseThrow(() -> ClientIdPath.unknown(clientId)).toJson());
    }

    private Answer disconnect(Request request) {
        String clientId = ClientIdPath.of(request);
        boolean connected =
                services.clients()
                        .disconnect(
                                clientId,
                                ReasonCode.ADMINISTRATIVE_ACTION,
                                "Disconnected by " + request.actor().name(),
                                request.actor());
        if (!connected) {
            throw Problem.notFound(
                    "No client '"
                            + clientId
                            + "' is connected. A session that waits for it can be ended, see"
                            + " /sessions.");
        }
        return Answer.noContent();
    }

    private Answer subscriptions(Request request) {
        String clientId = ClientIdPath.of(request);
        if (rows.find(clientId).isEmpty()) {
            throw ClientIdPath.unknown(clientId);
        }
        List<SubscriptionRecord> all = new ArrayList<>(services.clients().subscriptions(clientId));
        all.sort(Comparator.comparing(SubscriptionRecord::filter));
        return Answer.ok(
                Page.of(
                        request,
                        all,
                        SubscriptionRecord::filter,
                        subscription ->
                                new JsonShape()
                                        .put("filter", subscription.filter())
                                        .put("qos", subscription.qos().value())
                                        .put("noLocal", subscription.noLocal())
                                        .put("retainAsPublished", subscription.retainAsPublished())
                                        .put("retainHandling", subscription.retainHandling())
                                        .put(
                                                "identifier",
                                                subscription.identifier() == 0
                                                        ? null
                                                        : subscription.identifier())
                                        .build()));
    }

    private static Map<String, Comparator<ClientRow>> sorts() {
        Map<String, Comparator<ClientRow>> sorts = new LinkedHashMap<>();
        sorts.put("clientId", Comparator.comparing(row -> Sorting.folded(row.clientId())));
        sorts.put(
                "credential",
                Comparator.comparing(row -> Sorting.folded(row.credentialDescription())));
        sorts.put("address", Comparator.comparing(row -> Sorting.folded(row.address())));
        sorts.put("protocol", Comparator.comparing(row -> Sorting.folded(row.protocol())));
        sorts.put("keepAliveSeconds", Comparator.comparingInt(ClientRow::keepAliveSeconds));
        sorts.put("subscriptions", Comparator.comparingInt(ClientRow::subscriptions));
        sorts.put("messagesIn", Comparator.comparingLong(ClientRow::messagesIn));
        sorts.put("messagesOut", Comparator.comparingLong(ClientRow::messagesOut));
        sorts.put("inPerSecond", Comparator.comparingDouble(ClientRow::inPerSecond));
        sorts.put("outPerSecond", Comparator.comparingDouble(ClientRow::outPerSecond));
        sorts.put("connectedAt", Comparator.comparing(ClientsEndpoint::since));
        return sorts;
    }

    private static Instant since(ClientRow row) {
        return row.connectedAt() != null
                ? row.connectedAt()
                : row.disconnectedAt() != null ? row.disconnectedAt() : Instant.EPOCH;
    }
}
