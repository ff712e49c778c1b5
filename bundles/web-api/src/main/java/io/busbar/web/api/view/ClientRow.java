package io.busbar.web.api.view;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.busbar.api.broker.Transport;
import io.busbar.api.broker.spi.ClientEvent.Cause;
import io.busbar.json.JsonShape;
import io.busbar.web.api.state.ClientTraffic;
import io.busbar.web.api.state.ConnectionHistory;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One row of the list of clients: a connection, or a session that waits for its client. */
public record ClientRow(
        String clientId,
        boolean online,
        @Nullable String credentialId,
        @Nullable String credentialDescription,
        String username,
        @Nullable String address,
        @Nullable String protocol,
        @Nullable String transport,
        int keepAliveSeconds,
        boolean cleanStart,
        long sessionExpirySeconds,
        int subscriptions,
        long messagesIn,
        long messagesOut,
        double inPerSecond,
        double outPerSecond,
        long queued,
        @Nullable Instant connectedAt,
        @Nullable Instant disconnectedAt,
        @Nullable Cause disconnectCause,
        @Nullable String disconnectReason,
        @Nullable JsonObject reservedFor,
        List<ConnectionHistory.Connection> presence,
        ClientTraffic.@Nullable Points traffic) {

    /** How the API writes a transport. */
    public static String nameOf(Transport transport) {
        return switch (transport) {
            case TCP -> "tcp";
            case TLS -> "tls";
            case WEBSOCKET -> "ws";
            case SECURE_WEBSOCKET -> "wss";
        };
    }

    /** The API's CredentialRef, or null without a credential. */
    static @Nullable JsonObject credentialRef(@Nullable String id, @Nullable String description) {
        return id == null
                ? null
                : new JsonShape()
                        .put("id", id)
                        .put("description", description == null ? "" : description)
                        .build();
    }

    private static JsonObject interval(ConnectionHistory.Connection connection) {
        return new JsonShape()
                .put("from", connection.client().connectedAt())
                .put("to", connection.end() == null ? null : connection.end().at())
                .build();
    }

    /** The API's ClientTraffic. */
    private static JsonObject traffic(ClientTraffic.Points points) {
        JsonArray queued = new JsonArray();
        for (long each : points.queued()) {
            queued.add(each);
        }
        return new JsonShape()
                .put("stepSeconds", ClientTraffic.STEP_SECONDS)
                .put("at", points.at())
                .put("in", rates(points.in()))
                .put("out", rates(points.out()))
                .put("queued", queued)
                .build();
    }

    private static JsonArray rates(float[] rates) {
        JsonArray array = new JsonArray();
        for (float rate : rates) {
            array.add(
                    Float.isNaN(rate)
                            ? JsonNull.INSTANCE
                            : new JsonPrimitive(Math.round(rate * 10) / 10.0));
        }
        return array;
    }

    /** The API's Client. */
    public JsonObject toJson() {
        return new JsonShape()
                .put("clientId", clientId)
                .put("online", online)
                .put("credential", credentialRef(credentialId, credentialDescription))
                .put("username", username)
                .put("address", address)
                .put("protocol", protocol)
                .put("transport", transport)
                .put("keepAliveSeconds", keepAliveSeconds)
                .put("cleanStart", cleanStart)
                .put("sessionExpirySeconds", sessionExpirySeconds)
                .put("subscriptions", subscriptions)
                .put("messagesIn", messagesIn)
                .put("messagesOut", messagesOut)
                .put("inPerSecond", StatsShapes.rounded(inPerSecond))
                .put("outPerSecond", StatsShapes.rounded(outPerSecond))
                .put("queued", queued)
                .put("connectedAt", connectedAt)
                .put("disconnectedAt", disconnectedAt)
                .put("disconnectCause", disconnectCause)
                .put("disconnectReason", disconnectReason)
                .put("reservedFor", reservedFor)
                .put("presence", JsonShape.array(presence, ClientRow::interval))
                .put("traffic", traffic == null ? null : traffic(traffic))
                .build();
    }
}
