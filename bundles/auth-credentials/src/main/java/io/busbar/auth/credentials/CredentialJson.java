package io.busbar.auth.credentials;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.busbar.api.auth.AclRule;
import io.busbar.api.auth.ClientIdPolicy;
import io.busbar.api.auth.Credential;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.StorageException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a credential is written down. */
final class CredentialJson {
    private CredentialJson() {}

    static String write(Credential credential, Verifier verifier, @Nullable ScramKeys scram) {
        JsonObject json = new JsonObject();
        json.addProperty("description", credential.description());
        json.addProperty("clientId", credential.clientId());
        json.addProperty("username", credential.username());
        json.addProperty("clientIdPolicy", credential.clientIdPolicy().name());
        json.addProperty("maxConnections", credential.maxConnections());
        JsonArray acl = new JsonArray();
        for (AclRule rule : credential.acl()) {
            JsonObject item = new JsonObject();
            item.addProperty("effect", rule.effect().name());
            item.addProperty("action", rule.action().name());
            item.addProperty("filter", rule.filter());
            acl.add(item);
        }
        json.add("acl", acl);
        json.addProperty("enabled", credential.enabled());
        Instant expiresAt = credential.expiresAt();
        if (expiresAt != null) {
            json.addProperty("expiresAt", expiresAt.toString());
        }
        JsonArray networks = new JsonArray();
        credential.allowedNetworks().forEach(networks::add);
        json.add("allowedNetworks", networks);
        json.addProperty("createdAt", credential.createdAt().toString());
        json.addProperty("createdBy", credential.createdBy());
        json.addProperty("updatedAt", credential.updatedAt().toString());
        json.addProperty("updatedBy", credential.updatedBy());
        json.add("verifier", write(verifier));
        if (scram != null) {
            JsonObject keys = new JsonObject();
            keys.addProperty("iterations", scram.iterations());
            keys.addProperty("salt", scram.salt());
            keys.addProperty("storedKey", scram.storedKey());
            keys.addProperty("serverKey", scram.serverKey());
            json.add("scramSha256", keys);
        }
        return json.toString();
    }

    private static JsonObject write(Verifier verifier) {
        JsonObject json = new JsonObject();
        if (verifier instanceof Verifier.Generated generated) {
            json.addProperty("scheme", "hmac-sha-256");
            json.addProperty("keyId", generated.keyId());
            json.addProperty("mac", generated.mac());
        } else if (verifier instanceof Verifier.Chosen chosen) {
            json.addProperty("scheme", "argon2id");
            json.addProperty("phc", chosen.phc());
        }
        return json;
    }

    /**
     * Reads a credential.
     *
     * @throws StorageException if the document is not as {@link #write} makes it
     */
    static Entry read(Document document) {
        try {
            JsonObject json = JsonParser.parseString(document.json()).getAsJsonObject();
            Credential credential = credential(document, json);
            JsonObject scram = json.getAsJsonObject("scramSha256");
            return Entry.of(
                    credential,
                    verifier(json.getAsJsonObject("verifier")),
                    scram == null
                            ? null
                            : new ScramKeys(
                                    scram.get("iterations").getAsInt(),
                                    scram.get("salt").getAsString(),
                                    scram.get("storedKey").getAsString(),
                                    scram.get("serverKey").getAsString()));
        } catch (JsonParseException
                | IllegalStateException
                | NullPointerException
                | ClassCastException
                | UnsupportedOperationException
                | java.time.DateTimeException
                | IllegalArgumentException e) {
            throw new StorageException(
                    "Credential "
                            + document.key()
                            + " cannot be read: its document is damaged or was written by a newer"
                            + " version. Restore a backup of the document store, or delete the"
                            + " document "
                            + document.collection()
                            + "/"
                            + document.key()
                            + ".",
                    e);
        }
    }

    private static Credential credential(Document document, JsonObject json) {
        List<AclRule> acl = new ArrayList<>();
        for (JsonElement element : json.getAsJsonArray("acl")) {
            JsonObject rule = element.getAsJsonObject();
            acl.add(
                    new AclRule(
                            AclRule.Effect.valueOf(rule.get("effect").getAsString()),
                            AclRule.Action.valueOf(rule.get("action").getAsString()),
                            rule.get("filter").getAsString()));
        }
        List<String> networks = new ArrayList<>();
        json.getAsJsonArray("allowedNetworks").forEach(item -> networks.add(item.getAsString()));
        return new Credential(
                document.key(),
                json.get("description").getAsString(),
                json.get("clientId").getAsString(),
                json.get("username").getAsString(),
                ClientIdPolicy.valueOf(json.get("clientIdPolicy").getAsString()),
                json.get("maxConnections").getAsInt(),
                List.copyOf(acl),
                json.get("enabled").getAsBoolean(),
                json.has("expiresAt") ? Instant.parse(json.get("expiresAt").getAsString()) : null,
                List.copyOf(networks),
                null,
                Instant.parse(json.get("createdAt").getAsString()),
                json.get("createdBy").getAsString(),
                Instant.parse(json.get("updatedAt").getAsString()),
                json.get("updatedBy").getAsString(),
                document.revision());
    }

    private static Verifier verifier(JsonObject json) {
        String scheme = json.get("scheme").getAsString();
        return switch (scheme) {
            case "hmac-sha-256" ->
                    new Verifier.Generated(
                            json.get("keyId").getAsString(), json.get("mac").getAsString());
            case "argon2id" -> new Verifier.Chosen(json.get("phc").getAsString());
            default -> throw new IllegalArgumentException("verifier: unknown scheme " + scheme);
        };
    }
}
