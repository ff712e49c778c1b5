package io.busbar.web.api.endpoint;

import io.busbar.api.accounts.Role;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.view.SessionRows;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import io.busbar.web.http.RowOrder.Column;
import io.busbar.web.http.RowPage;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /sessions}: the sessions of clients, whether connected or not. */
public final class SessionsEndpoint {
    private static final Map<String, Column<SessionRows.Row>> SORTS = sorts();

    private final Backend services;
    private final SessionRows rows;

    public SessionsEndpoint(Backend services, SessionRows rows) {
        this.services = services;
        this.rows = rows;
    }

    public void addTo(Router router) {
        router.add("GET", "/sessions", Role.VIEWER, this::list)
                .add("GET", "/sessions/{clientId}", Role.VIEWER, this::get)
                .add("DELETE", "/sessions/{clientId}", Role.OPERATOR, this::end);
    }

    private Answer list(Request request) {
        String q = request.query("q").map(Sorting::folded).orElse("");
        String state = request.queryChoice("state", List.of("ONLINE", "OFFLINE")).orElse("");
        String credentialId = request.query("credentialId").orElse("");
        boolean reserved = request.queryFlag("reserved");
        RowPage<SessionRows.Row> page =
                new RowPage<>(
                        request,
                        Sorting.of(
                                request,
                                SORTS,
                                "clientId",
                                row -> false,
                                row -> row.session().clientId()));
        services.clients()
                .eachSession(
                        session -> {
                            if ((state.isEmpty() || session.online() == state.equals("ONLINE"))
                                    && (credentialId.isEmpty()
                                            || credentialId.equals(session.principalId()))
                                    && (!reserved || session.reserved())) {
                                SessionRows.Row row = rows.row(session);
                                if (q.isEmpty() || matches(row, q)) {
                                    page.add(row);
                                }
                            }
                        });
        return Answer.ok(page.toJson(SessionRows.Row::toJson));
    }

    private static boolean matches(SessionRows.Row row, String q) {
        return Sorting.folded(row.session().clientId()).contains(q)
                || Sorting.folded(row.session().username()).contains(q)
                || Sorting.folded(row.ownerDescription()).contains(q);
    }

    private Answer get(Request request) {
        String clientId = ClientIdPath.of(request);
        return Answer.ok(
                services.clients()
                        .session(clientId)
                        .map(rows::row)
                        .orElseThrow(() -> ClientIdPath.unknown(clientId))
                        .toJson());
    }

    private Answer end(Request request) {
        String clientId = ClientIdPath.of(request);
        boolean ended =
                services.clients()
                        .endSession(
                                clientId,
                                "Session ended by " + request.actor().name(),
                                request.actor());
        if (!ended) {
            throw ClientIdPath.unknown(clientId);
        }
        return Answer.noContent();
    }

    private static Map<String, Column<SessionRows.Row>> sorts() {
        Map<String, Column<SessionRows.Row>> sorts = new LinkedHashMap<>();
        sorts.put("clientId", Column.text(row -> row.session().clientId()));
        sorts.put("credential", Column.text(SessionRows.Row::ownerDescription));
        sorts.put("subscriptions", Column.number(row -> row.session().subscriptions()));
        sorts.put("queued", Column.number(row -> row.session().queued()));
        sorts.put("queuedBytes", Column.number(row -> row.session().queuedBytes()));
        sorts.put("createdAt", Column.time(row -> row.session().createdAt()));
        sorts.put("disconnectedAt", Column.time(row -> orNever(row.session().disconnectedAt())));
        sorts.put("expiresAt", Column.time(row -> orNever(row.session().expiresAt())));
        return sorts;
    }

    private static Instant orNever(@Nullable Instant at) {
        return at == null ? Instant.MAX : at;
    }
}
