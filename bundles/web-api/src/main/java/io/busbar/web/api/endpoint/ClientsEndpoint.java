package io.busbar.web.api.endpoint;

import io.busbar.api.accounts.Role;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.view.ClientRow;
import io.busbar.web.api.view.ClientRows;
import io.busbar.web.api.view.SubscriptionShape;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Page;
import io.busbar.web.http.Problem;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import io.busbar.web.http.RowOrder.Column;
import io.busbar.web.http.RowPage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /clients}: connected clients, and sessions whose client is offline. */
public final class ClientsEndpoint {
    private static final Map<String, Column<ClientRow>> SORTS = sorts();

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
        boolean waiting = request.queryFlag("waiting");
        RowPage<ClientRow> page =
                new RowPage<>(
                        request,
                        Sorting.of(
                                request,
                                SORTS,
                                "-connectedAt",
                                row -> !row.online(),
                                ClientRow::clientId));
        rows.each(
                row -> {
                    boolean fits =
                            (q.isEmpty() || matches(row, q))
                                    && (state.isEmpty() || row.online() == state.equals("ONLINE"))
                                    && (protocol.isEmpty() || protocol.equals(row.protocol()))
                                    && (transport.isEmpty() || transport.equals(row.transport()))
                                    && (!waiting || row.queued() > 0)
                                    && (credentialId.isEmpty()
                                            || credentialId.equals(row.credentialId()));
                    if (fits) {
                        page.add(row);
                    }
                });
        return Answer.ok(page.toJson(ClientRow::toJson));
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
                    "client",
                    clientId,
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
        return Answer.ok(Page.of(request, all, SubscriptionRecord::filter, SubscriptionShape::of));
    }

    private static Map<String, Column<ClientRow>> sorts() {
        Map<String, Column<ClientRow>> sorts = new LinkedHashMap<>();
        sorts.put("clientId", Column.text(ClientRow::clientId));
        sorts.put("credential", Column.text(row -> orEmpty(row.credentialDescription())));
        sorts.put("address", Column.text(row -> orEmpty(row.address())));
        sorts.put("protocol", Column.text(row -> orEmpty(row.protocol())));
        sorts.put("keepAliveSeconds", Column.number(ClientRow::keepAliveSeconds));
        sorts.put("subscriptions", Column.number(ClientRow::subscriptions));
        sorts.put("messagesIn", Column.number(ClientRow::messagesIn));
        sorts.put("messagesOut", Column.number(ClientRow::messagesOut));
        sorts.put("inPerSecond", Column.decimal(ClientRow::inPerSecond));
        sorts.put("outPerSecond", Column.decimal(ClientRow::outPerSecond));
        sorts.put("queued", Column.number(ClientRow::queued));
        sorts.put("connectedAt", Column.time(ClientsEndpoint::since));
        return sorts;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static Instant since(ClientRow row) {
        return row.connectedAt() != null
                ? row.connectedAt()
                : row.disconnectedAt() != null ? row.disconnectedAt() : Instant.EPOCH;
    }
}
