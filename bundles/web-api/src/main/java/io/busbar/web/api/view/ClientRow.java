package io.busbar.web.api.view;

import com.google.gson.JsonObject;
import io.busbar.api.broker.Transport;
import io.busbar.json.JsonShape;
import java.time.Instant;
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
        @Nullable String disconnectReason,
        @Nullable JsonObject reservedFor) {

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
                .put("disconnectReason", disconnectReason)
                .put("reservedFor", reservedFor)
                .build();
    }
}
