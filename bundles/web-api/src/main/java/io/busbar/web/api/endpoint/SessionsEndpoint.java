package io.busbar.web.api.endpoint;

import io.busbar.api.accounts.Role;
import io.busbar.api.broker.SessionView;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.view.SessionRows;
import io.busbar.web.http.Answer;
import io.busbar.web.http.Page;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /sessions}: the sessions of clients, whether connected or not. */
public final class SessionsEndpoint {
    private static final Map<String, Comparator<SessionRows.Row>> SORTS = sorts();

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
        Comparator<SessionRows.Row> order =
                Sorting.of(request, SORTS, "clientId")
                        .thenComparing(row -> row.session().clientId());
        List<SessionRows.Row> matching = new ArrayList<>();
        for (SessionView session : services.clients().sessions()) {
            SessionRows.Row row = rows.row(session);
            boolean fits =
                    (q.isEmpty() || matches(row, q))
                            && (state.isEmpty() || session.online() == state.equals("ONLINE"))
                            && (credentialId.isEmpty()
                                    || credentialId.equals(session.principalId()))
                            && (!reserved || session.reserved());
            if (fits) {
                matching.add(row);
            }
        }
        matching.sort(order);
        return Answer.ok(
                Page.of(
                        request,
                        matching,
                        row -> row.session().clientId(),
                        SessionRows.Row::toJson));
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

    private static Map<String, Comparator<SessionRows.Row>> sorts() {
        Map<String, Comparator<SessionRows.Row>> sorts = new LinkedHashMap<>();
        sorts.put(
                "clientId", Comparator.comparing(row -> Sorting.folded(row.session().clientId())));
        sorts.put(
                "credential", Comparator.comparing(row -> Sorting.folded(row.ownerDescription())));
        sorts.put("subscriptions", Comparator.comparing(row -> row.session().subscriptions()));
        sorts.put("queued", Comparator.comparing(row -> row.session().queued()));
        sorts.put("queuedBytes", Comparator.comparing(row -> row.session().queuedBytes()));
        sorts.put("createdAt", Comparator.comparing(row -> row.session().createdAt()));
        sorts.put(
                "disconnectedAt",
                Comparator.comparing(row -> orNever(row.session().disconnectedAt())));
        sorts.put("expiresAt", Comparator.comparing(row -> orNever(row.session().expiresAt())));
        return sorts;
    }

    private static Instant orNever(@Nullable Instant at) {
        return at == null ? Instant.MAX : at;
    }
}
