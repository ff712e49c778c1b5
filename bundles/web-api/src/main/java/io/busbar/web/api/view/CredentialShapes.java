package io.busbar.web.api.view;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.ClientIdOverlap;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.CredentialService;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Credentials in the form of the API, together with their connections. Thread-safe. */
public final class CredentialShapes {
    /** More are only counted. */
    private static final int MAX_OVERLAPS = 50;

    private final Backend services;

    public CredentialShapes(Backend services) {
        this.services = services;
    }

    /** One credential with its connections. */
    public Row row(Credential credential) {
        return row(credential, connections(credential.id()::equals));
    }

    /** One credential with its connections, if they are among those that are known. */
    public static Row row(Credential credential, Map<String, Connections> known) {
        return new Row(credential, known.getOrDefault(credential.id(), Connections.NONE));
    }

    /** One credential with its connections, if there is one. */
    public Optional<Row> find(String id) {
        return services.findCredentials().flatMap(c -> c.get(id)).map(this::row);
    }

    /** One credential with its connections, and with the others that want the same clients. */
    public JsonObject detail(Credential credential) {
        JsonObject json = row(credential).toJson();
        JsonArray overlaps =
                overlaps(credential, credential.clientIdPolicy(), credential.clientId());
        for (String other : credential.otherClientIds()) {
            overlaps.addAll(overlaps(credential, ClientIdPolicy.EXACT, other));
        }
        while (overlaps.size() > MAX_OVERLAPS) {
            overlaps.remove(overlaps.size() - 1);
        }
        json.add("overlaps", overlaps);
        return json;
    }

    private JsonArray overlaps(Credential credential, ClientIdPolicy policy, String clientId) {
        return overlaps(
                services.credentials().overlaps(policy, clientId, credential.id()), clientId);
    }

    /**
     * The first of a list of overlaps.
     *
     * @param clientId the Client Identifier that they overlap with
     */
    public static JsonArray overlaps(List<ClientIdOverlap> overlaps, String clientId) {
        return JsonShape.array(
                overlaps.subList(0, Math.min(MAX_OVERLAPS, overlaps.size())),
                overlap -> overlap(overlap, clientId));
    }

    private static JsonObject overlap(ClientIdOverlap overlap, String clientId) {
        Credential other = overlap.other();
        boolean equal = overlap.kind() == ClientIdOverlap.Kind.EQUAL;
        return new JsonShape()
                .put("kind", overlap.kind())
                .put("credential", SessionRows.ref(other))
                .put("clientId", equal ? clientId : other.clientId())
                .put("clientIdPolicy", other.clientIdPolicy())
                .build();
    }

    /** The API's CredentialSecret. */
    public JsonObject secret(CredentialService.Created created) {
        return new JsonShape()
                .put("credential", detail(created.credential()))
                .put("password", created.password())
                .build();
    }

    /** The connections of some identities, by their ids; of those that have any. */
    public Map<String, Connections> connections(Predicate<String> wanted) {
        Map<String, Connections> byId = new HashMap<>();
        services.findClients()
                .ifPresent(
                        clients ->
                                clients.each(
                                        client -> {
                                            String id = client.principal().id();
                                            if (wanted.test(id)) {
                                                byId.merge(
                                                        id,
                                                        new Connections(1, client.connectedAt()),
                                                        Connections::plus);
                                            }
                                        }));
        return byId;
    }

    static JsonObject rule(AclRule rule) {
        return new JsonShape()
                .put("effect", rule.effect())
                .put("action", rule.action())
                .put("filter", rule.filter())
                .build();
    }

    /** How many connections there are, and when the oldest of them began. */
    public record Connections(int count, @Nullable Instant since) {
        static final Connections NONE = new Connections(0, null);

        Connections plus(Connections other) {
            Instant oldest =
                    since == null || other.since != null && other.since.isBefore(since)
                            ? other.since
                            : since;
            return new Connections(count + other.count, oldest);
        }
    }

    /** A credential and its connections. */
    public record Row(Credential credential, Connections connections) {
        /** The later of what is kept and what is known: somebody connected is seen now. */
        public @Nullable Instant lastSeenAt() {
            Instant kept = credential.lastSeenAt();
            Instant since = connections.since();
            return since != null && (kept == null || kept.isBefore(since)) ? since : kept;
        }

        /** The API's Credential. */
        public JsonObject toJson() {
            Instant lastSeenAt = lastSeenAt();
            return new JsonShape()
                    .put("id", credential.id())
                    .put("description", credential.description())
                    .put("clientId", credential.clientId())
                    .put("username", credential.username())
                    .put("clientIdPolicy", credential.clientIdPolicy())
                    .put("otherClientIds", JsonShape.texts(credential.otherClientIds()))
                    .put("maxConnections", credential.maxConnections())
                    .put("acl", JsonShape.array(credential.acl(), CredentialShapes::rule))
                    .put("mayEverything", AclRule.allowEverything(credential.acl()))
                    .put("enabled", credential.enabled())
                    .put("expiresAt", credential.expiresAt())
                    .put("allowedNetworks", JsonShape.texts(credential.allowedNetworks()))
                    .put("connected", connections.count())
                    .put("connectedSince", connections.since())
                    .put("everConnected", lastSeenAt != null)
                    .put("lastSeenAt", lastSeenAt)
                    .put("createdAt", credential.createdAt())
                    .put("createdBy", credential.createdBy())
                    .put("updatedAt", credential.updatedAt())
                    .put("updatedBy", credential.updatedBy())
                    .put("revision", credential.revision())
                    .build();
        }
    }
}
