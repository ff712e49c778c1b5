package io.busbar.web.api.endpoint;

import com.google.gson.JsonObject;
import io.busbar.api.accounts.Role;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.spi.ClientEvent;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.state.ConnectionHistory;
import io.busbar.web.api.state.ConnectionHistory.Connection;
import io.busbar.web.api.view.ClientRows;
import io.busbar.web.api.view.ConnectionShapes;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import io.busbar.web.http.RowOrder.Column;
import io.busbar.web.http.RowPage;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /connections}: who is and was connected, and why connections ended; the same of one client
 * at {@code /clients/{clientId}/events}.
 */
public final class ConnectionsEndpoint {
    private final ConnectionHistory history;
    private final ClientRows clients;
    private final ConnectionShapes shapes;
    private final Map<String, Column<Connection>> sorts;

    public ConnectionsEndpoint(
            Backend services, ConnectionHistory history, ClientRows clients, Clock clock) {
        this.history = history;
        this.clients = clients;
        this.shapes = new ConnectionShapes(services, clock);
        this.sorts = sorts(shapes);
    }

    public void addTo(Router router) {
        router.add("GET", "/connections", Role.VIEWER, this::list)
                .add("GET", "/clients/{clientId}/events", Role.VIEWER, this::ofClient);
    }

    private Answer list(Request request) {
        String clientId = request.query("clientId").orElse("");
        return page(request, clientId.isEmpty() ? history.list() : history.of(clientId));
    }

    private Answer ofClient(Request request) {
        String clientId = ClientIdPath.of(request);
        List<Connection> known = history.of(clientId);
        if (known.isEmpty() && clients.find(clientId).isEmpty()) {
            throw ClientIdPath.unknown(clientId);
        }
        return page(request, known);
    }

    private Answer page(Request request, List<Connection> connections) {
        String q = request.query("q").map(Sorting::folded).orElse("");
        String credentialId = request.query("credentialId").orElse("");
        String state = request.queryChoice("state", List.of("OPEN", "ENDED")).orElse("");
        Optional<ClientEvent.Cause> cause = request.queryChoice("cause", ClientEvent.Cause.class);
        RowPage<Connection> page =
                new RowPage<>(
                        request,
                        Sorting.of(
                                request,
                                sorts,
                                "-at",
                                row -> false,
                                row -> Long.toString(row.id())));
        for (Connection each : connections) {
            ConnectionHistory.End end = each.end();
            boolean fits =
                    (q.isEmpty() || matches(each.client(), q))
                            && (credentialId.isEmpty()
                                    || credentialId.equals(each.client().principal().id()))
                            && (state.isEmpty() || state.equals("OPEN") == (end == null))
                            && (cause.isEmpty() || end != null && end.cause() == cause.get());
            if (fits) {
                page.add(each);
            }
        }
        JsonObject answer = page.toJson(shapes::toJson);
        answer.addProperty("forgotten", history.forgotten());
        return Answer.ok(answer);
    }

    private static boolean matches(ClientView client, String q) {
        return Sorting.folded(client.clientId()).contains(q)
                || Sorting.folded(client.principal().username()).contains(q)
                || Sorting.folded(client.principal().description()).contains(q)
                || Sorting.folded(client.address()).contains(q);
    }

    private static Map<String, Column<Connection>> sorts(ConnectionShapes shapes) {
        Map<String, Column<Connection>> sorts = new LinkedHashMap<>();
        sorts.put("at", Column.time(Connection::at));
        sorts.put("connectedAt", Column.time(row -> row.client().connectedAt()));
        sorts.put("duration", Column.number(row -> shapes.duration(row).toMillis()));
        sorts.put("clientId", Column.text(row -> row.client().clientId()));
        return sorts;
    }
}
