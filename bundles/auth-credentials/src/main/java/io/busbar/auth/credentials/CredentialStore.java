package io.busbar.auth.credentials;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.busbar.api.audit.Actor;
import io.busbar.api.auth.Credential;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.storage.StorageException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All credentials, in memory for reading and in the documents for keeping. Reading is thread-safe
 * and never touches the disk; writing is done by one thread at a time.
 */
final class CredentialStore {
    static final String CREDENTIALS = "credentials";
    static final String KEYS = "auth_keys";
    static final String SEEN = "credential_seen";
    static final String TOMBSTONES = "credential_tombstones";
    private static final String KEY_DOCUMENT = "credentials";

    private static final Logger LOG = LoggerFactory.getLogger(CredentialStore.class);

    private final Documents documents;
    private final ServerKey serverKey;
    private final Map<String, Entry> byId = new ConcurrentHashMap<>();
    private final Map<String, Entry> byUsername = new ConcurrentHashMap<>();
    private final Map<String, Entry> byClientId = new ConcurrentHashMap<>();
    private final Map<String, Instant> seen = new ConcurrentHashMap<>();
    private final Map<String, Instant> seenUnwritten = new ConcurrentHashMap<>();
    private final AtomicInteger chosen = new AtomicInteger();

    private CredentialStore(Documents documents, ServerKey serverKey) {
        this.documents = documents;
        this.serverKey = serverKey;
    }

    /**
     * Reads everything.
     *
     * @throws StorageException if the documents cannot be read
     */
    static CredentialStore load(Documents documents, Secrets secrets) {
        CredentialStore store = new CredentialStore(documents, serverKey(documents, secrets));
        int orphans = 0;
        for (Document document : documents.scan(CREDENTIALS)) {
            try {
                Entry entry = CredentialJson.read(document);
                store.index(entry);
                if (entry.verifier() instanceof Verifier.Generated generated
                        && !generated.keyId().equals(store.serverKey.id())) {
                    orphans++;
                }
            } catch (StorageException e) {
                // One damaged credential must not lock out all others.
                LOG.error("{}", e.getMessage(), e);
            }
        }
        if (orphans > 0) {
            LOG.error(
                    "The server key of {} MQTT credentials is gone: their passwords cannot be"
                        + " verified and they are refused. Restore a backup of the document store"
                        + " (document {}/{}), or reset their passwords",
                    orphans,
                    KEYS,
                    KEY_DOCUMENT);
        }
        for (Document document : documents.scan(SEEN)) {
            store.readSeen(document);
        }
        return store;
    }

    private static ServerKey serverKey(Documents documents, Secrets secrets) {
        Document document = documents.get(KEYS, KEY_DOCUMENT).orElse(null);
        if (document == null) {
            ServerKey made =
                    new ServerKey(
                            Base64.getUrlEncoder()
                                    .withoutPadding()
                                    .encodeToString(secrets.bytes(6)),
                            secrets.bytes(32));
            JsonObject json = new JsonObject();
            json.addProperty("id", made.id());
            json.addProperty("key", made.base64());
            documents.commit(List.of(DocumentChange.create(KEYS, KEY_DOCUMENT, json.toString())));
            return made;
        }
        try {
            JsonObject json = JsonParser.parseString(document.json()).getAsJsonObject();
            return new ServerKey(
                    json.get("id").getAsString(),
                    Base64.getDecoder().decode(json.get("key").getAsString()));
        } catch (JsonParseException
                | IllegalStateException
                | NullPointerException
                | IllegalArgumentException e) {
            throw new StorageException(
                    "The server key of the MQTT credentials (document "
                            + KEYS
                            + "/"
                            + KEY_DOCUMENT
                            + ") is damaged. Restore a backup of the document store.",
                    e);
        }
    }

    private void readSeen(Document document) {
        try {
            JsonObject json = JsonParser.parseString(document.json()).getAsJsonObject();
            seen.put(document.key(), Instant.parse(json.get("at").getAsString()));
        } catch (JsonParseException
                | IllegalStateException
                | NullPointerException
                | java.time.DateTimeException e) {
            LOG.warn(
                    "When a credential was last seen cannot be read (credential={})",
                    document.key(),
                    e);
        }
    }

    ServerKey serverKey() {
        return serverKey;
    }

    Collection<Entry> all() {
        return byId.values();
    }

    @Nullable Entry byId(String id) {
        return byId.get(id);
    }

    @Nullable Entry byUsername(String username) {
        return byUsername.get(username);
    }

    /**
     * Whether some password was chosen by a person, so that a slow hash is part of the answer to
     * some wrong one.
     */
    boolean hasChosenPasswords() {
        return chosen.get() > 0;
    }

    /** The credential as people see it. */
    Credential view(Entry entry) {
        Credential it = entry.credential();
        return new Credential(
                it.id(),
                it.description(),
                it.clientId(),
                it.username(),
                it.clientIdPolicy(),
                it.maxConnections(),
                it.acl(),
                it.enabled(),
                it.expiresAt(),
                it.allowedNetworks(),
                seen.get(it.id()),
                it.createdAt(),
                it.createdBy(),
                it.updatedAt(),
                it.updatedBy(),
                it.revision());
    }

    boolean isKnown(@Nullable String username, @Nullable String clientId) {
        return username != null && byUsername.containsKey(username)
                || clientId != null && byClientId.containsKey(clientId);
    }

    /** Whether a person deleted a credential of this user name or Client Identifier. */
    boolean wasDeleted(@Nullable String username, @Nullable String clientId) {
        return username != null && documents.get(TOMBSTONES, userTombstone(username)).isPresent()
                || clientId != null
                        && documents.get(TOMBSTONES, clientTombstone(clientId)).isPresent();
    }

    /**
     * Writes a new credential.
     *
     * @throws ConflictException if its user name or Client Identifier is taken
     */
    Entry create(Credential credential, Verifier verifier, @Nullable ScramKeys scram) {
        if (byUsername.containsKey(credential.username())) {
            throw new ConflictException(
                    "username: " + credential.username() + " belongs to another credential");
        }
        requireFreeClientId(credential.clientId(), null);
        return write(
                DocumentChange.create(
                        CREDENTIALS,
                        credential.id(),
                        CredentialJson.write(credential, verifier, scram)),
                null);
    }

    /** Writes a change of a credential; the id and user name stay. */
    Entry replace(Entry old, Credential credential, Verifier verifier, @Nullable ScramKeys scram) {
        requireFreeClientId(credential.clientId(), old.id());
        return write(
                new DocumentChange(
                        CREDENTIALS,
                        old.id(),
                        CredentialJson.write(credential, verifier, scram),
                        old.credential().revision()),
                old);
    }

    /** Deletes a credential; who did it and when is kept beside its names. */
    void delete(Entry entry, Actor actor, Instant at) {
        Credential credential = entry.credential();
        JsonObject json = new JsonObject();
        json.addProperty("at", at.toString());
        json.addProperty("by", actor.name());
        String tombstone = json.toString();
        documents.commit(
                List.of(
                        DocumentChange.delete(CREDENTIALS, entry.id()),
                        DocumentChange.delete(SEEN, entry.id()),
                        DocumentChange.put(
                                TOMBSTONES, userTombstone(credential.username()), tombstone),
                        DocumentChange.put(
                                TOMBSTONES, clientTombstone(credential.clientId()), tombstone)));
        unindex(entry);
        seen.remove(entry.id());
        seenUnwritten.remove(entry.id());
    }

    /** Notes that a credential was used; written with the next {@link #writeSeen}. */
    void seen(String id, Instant at) {
        Instant minute = at.truncatedTo(java.time.temporal.ChronoUnit.MINUTES);
        if (byId.containsKey(id) && !minute.equals(seen.put(id, minute))) {
            seenUnwritten.put(id, minute);
        }
    }

    void writeSeen() {
        List<DocumentChange> changes = new ArrayList<>();
        for (String id : List.copyOf(seenUnwritten.keySet())) {
            Instant at = seenUnwritten.remove(id);
            if (at != null && byId.containsKey(id)) {
                changes.add(DocumentChange.put(SEEN, id, "{\"at\":\"" + at + "\"}"));
            }
        }
        if (!changes.isEmpty()) {
            documents.commit(changes);
        }
    }

    private void requireFreeClientId(String clientId, @Nullable String ownId) {
        Entry holder = byClientId.get(clientId);
        if (holder != null && !holder.id().equals(ownId)) {
            throw new ConflictException("clientId: " + clientId + " belongs to another credential");
        }
    }

    private Entry write(DocumentChange change, @Nullable Entry old) {
        Entry entry = CredentialJson.read(documents.commit(List.of(change)).get(0));
        // First the new, then the old away where it is still there: a client that connects
        // meanwhile finds one of them.
        index(entry);
        if (old != null) {
            unindex(old);
        }
        return entry;
    }

    private void index(Entry entry) {
        Credential credential = entry.credential();
        byId.put(entry.id(), entry);
        byUsername.put(credential.username(), entry);
        byClientId.put(credential.clientId(), entry);
        if (entry.verifier() instanceof Verifier.Chosen) {
            chosen.incrementAndGet();
        }
    }

    private void unindex(Entry entry) {
        Credential credential = entry.credential();
        byId.remove(entry.id(), entry);
        byUsername.remove(credential.username(), entry);
        byClientId.remove(credential.clientId(), entry);
        if (entry.verifier() instanceof Verifier.Chosen) {
            chosen.decrementAndGet();
        }
    }

    private static String userTombstone(String username) {
        return "username:" + username;
    }

    private static String clientTombstone(String clientId) {
        return "clientId:" + clientId;
    }
}
