package io.busbar.web.api.view;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.Principal;
import io.busbar.api.broker.ClientView;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.state.ConnectionHistory.Connection;
import io.busbar.web.api.state.ConnectionHistory.End;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Connections that clients have or had, in the form of the API. Thread-safe. */
public final class ConnectionShapes {
    private final Backend services;
    private final Clock clock;

    public ConnectionShapes(Backend services, Clock clock) {
        this.services = services;
        this.clock = clock;
    }

    /** How long a connection lasted, or lasts. */
    public Duration duration(Connection connection) {
        End end = connection.end();
        Duration lasted =
                Duration.between(
                        connection.client().connectedAt(),
                        end == null ? clock.instant() : end.at());
        return lasted.isNegative() ? Duration.ZERO : lasted;
    }

    /** The API's Connection. */
    public JsonObject toJson(Connection connection) {
        ClientView client = connection.client();
        End end = connection.end();
        Boolean present = connection.sessionPresent();
        return new JsonShape()
                .put("id", Long.toString(connection.id()))
                .put("clientId", client.clientId())
                .put("credential", SessionRows.ref(credential(client.principal())))
                .put("username", client.principal().username())
                .put("address", client.address())
                .put("listener", client.listener())
                .put("protocol", client.version().text())
                .put("transport", ClientRow.nameOf(client.transport()))
                .put("sessionPresent", present == null ? null : new JsonPrimitive(present))
                .put("connectedAt", client.connectedAt())
                .put("disconnectedAt", end == null ? null : end.at())
                .put("durationSeconds", duration(connection).toSeconds())
                .put("cause", end == null ? null : end.cause())
                .put("reasonCode", end == null ? null : end.reason().code())
                .put("reason", end == null ? null : reason(end))
                .put("by", end == null ? null : end.by())
                .put("messagesIn", end == null ? null : client.messagesIn())
                .put("messagesOut", end == null ? null : client.messagesOut())
                .build();
    }

    private static String reason(End end) {
        String text = end.text();
        return text == null || text.isEmpty() ? end.reasonText() : end.reasonText() + ": " + text;
    }

    private @Nullable Credential credential(Principal principal) {
        return principal.id().isEmpty()
                ? null
                : services.findCredentials().flatMap(c -> c.get(principal.id())).orElse(null);
    }
}
