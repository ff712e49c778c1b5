package io.busbar.auth.credentials;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.Credential;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.storage.StorageException;
import io.busbar.json.JsonMapper;
import java.time.Instant;
import java.util.ArrayList;
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
final class CredentialStore implements KnownCredentials {
    private static final String CREDENTIALS = "credentials";
    private static final String TOMBSTONES = "credential_tombstones";
    private static final JsonMapper MAPPER = JsonMapper.create();
    private static final Logger LOG = LoggerFactory.getLogger(CredentialStore.class);

    private final Documents documents;
    private final ServerKey serverKey;
    private final Map<String, ServerKey> movedKeys;
    private final Map<String, Entry> byId = new ConcurrentHashMap<>();
    private final Map<String, Entry> byUsername = new ConcurrentHashMap<>();
    private final ClientIds clientIds = new ClientIds();
    private final LastSeen seen;
    private final AtomicInteger chosen = new AtomicInteger();

    /** The document beside the names of a deleted credential. */
    private record Tombstone(Instant at, String by) {}

    private CredentialStore(
            Documents documents,
            ServerKey serverKey,
            Map<String, ServerKey> movedKeys,
            LastSeen seen) {
        this.documents = documents;
        this.serverKey = serverKey;
        this.movedKeys = movedKeys;
        this.seen = seen;
    }

    /**
     * Reads everything.
     *
     * @throws StorageException if the documents cannot be read
     */
    static CredentialStore load(Documents documents, Secrets secrets) {
        CredentialStore store =
                new CredentialStore(
                        documents,
                        ServerKey.load(documents, secrets),
                        ServerKey.loadMoved(documents),
                        LastSeen.load(documents));
        int orphans = 0;
        for (Document document : documents.scan(CREDENTIALS)) {
            try {
                Entry entry = CredentialDocument.read(document);
                store.index(entry);
                if (entry.verifier() instanceof Verifier.Generated generated
                        && store.keyOf(generated) == null) {
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
                        + " (document {}), or reset their passwords",
                    orphans,
                    ServerKey.DOCUMENT);
        }
        return store;
    }

    ServerKey serverKey() {
        return serverKey;
    }

    /** The key that a verifier was made with; null if it is gone. */
    @Override
    public @Nullable ServerKey keyOf(Verifier.Generated verifier) {
        return verifier.keyId().equals(serverKey.id())
                ? serverKey
                : movedKeys.get(verifier.keyId());
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

    /** Whose which Client Identifier is. */
    ClientIds clientIds() {
        return clientIds;
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
                it.otherClientIds(),
                it.maxConnections(),
                it.acl(),
                it.enabled(),
                it.expiresAt(),
                it.allowedNetworks(),
                seen.of(it.id()),
                it.createdAt(),
                it.createdBy(),
                it.updatedAt(),
                it.updatedBy(),
                it.revision());
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
     * @param sharing whether another one may have its Client Identifier
     * @throws ConflictException if its user name or Client Identifier is taken
     */
    Entry create(Credential credential, Keys keys, boolean sharing) {
        if (byUsername.containsKey(credential.username())) {
            throw new ConflictException(
                    "username: " + credential.username() + " belongs to another credential");
        }
        if (!sharing) {
            ClientIds.namesOf(credential).forEach(this::requireFreeClientId);
        }
        return write(
                List.of(
                        DocumentChange.create(
                                CREDENTIALS,
                                credential.id(),
                                CredentialDocument.write(credential, keys))),
                null);
    }

    /**
     * Writes a change of a credential; the id and user name stay.
     *
     * @param sharing whether another one may have a Client Identifier that is new for it
     * @throws ConflictException if such a Client Identifier is taken
     */
    Entry replace(Entry old, Credential credential, Keys keys, boolean sharing) {
        if (!sharing) {
            ClientIds.namesOf(credential).stream()
                    .filter(name -> !old.credential().names(name))
                    .forEach(this::requireFreeClientId);
        }
        return write(
                List.of(
                        new DocumentChange(
                                CREDENTIALS,
                                old.id(),
                                CredentialDocument.write(credential, keys),
                                old.credential().revision())),
                old);
    }

    /**
     * Writes a credential as another server kept it.
     *
     * @param old what it replaces, or null
     * @throws IllegalArgumentException if the user name belongs to another one, or the server key
     *     is not the one that is known by its name
     */
    Entry take(MovedCredential moved, @Nullable Entry old) {
        List<DocumentChange> changes = new ArrayList<>();
        ServerKey key = newKey(moved, this);
        changes.add(
                new DocumentChange(
                        CREDENTIALS,
                        moved.id(),
                        CredentialDocument.write(moved.entry().credential(), moved.entry().keys()),
                        old == null ? 0 : old.credential().revision()));
        if (key == null) {
            return write(changes, old);
        }
        changes.add(key.creationAsMoved());
        Entry entry = write(changes, old);
        movedKeys.put(key.id(), key);
        return entry;
    }

    @Override
    public @Nullable String holderOf(String username) {
        Entry holder = byUsername.get(username);
        return holder == null ? null : holder.id();
    }

    /**
     * The key that comes with a credential and is not known; null if it needs none.
     *
     * @throws IllegalArgumentException if it does not fit to what there is
     */
    static @Nullable ServerKey newKey(MovedCredential moved, KnownCredentials there) {
        String username = moved.entry().credential().username();
        String holder = there.holderOf(username);
        if (holder != null && !holder.equals(moved.id())) {
            throw new IllegalArgumentException(
                    "the user name " + username + " belongs to the credential " + holder);
        }
        if (!(moved.entry().verifier() instanceof Verifier.Generated generated)) {
            return null;
        }
        ServerKey known = there.keyOf(generated);
        ServerKey sent = moved.key();
        if (sent != null && !sent.id().equals(generated.keyId())
                || sent == null && known == null
                || sent != null && known != null && !known.isSame(sent)) {
            throw new IllegalArgumentException(
                    "the server key " + generated.keyId() + " that it was made with is not there");
        }
        return known == null ? sent : null;
    }

    /** Deletes a credential; who did it and when is kept beside its names. */
    void delete(Entry entry, Actor actor, Instant at) {
        Credential credential = entry.credential();
        String tombstone = MAPPER.write(new Tombstone(at, actor.name()));
        documents.commit(
                List.of(
                        DocumentChange.delete(CREDENTIALS, entry.id()),
                        LastSeen.deletion(entry.id()),
                        DocumentChange.put(
                                TOMBSTONES, userTombstone(credential.username()), tombstone),
                        DocumentChange.put(
                                TOMBSTONES, clientTombstone(credential.clientId()), tombstone)));
        unindex(entry);
        seen.forget(entry.id());
    }

    /** Notes that a credential was used; written with the next {@link #writeSeen}. */
    void seen(String id, Instant at) {
        if (byId.containsKey(id)) {
            seen.note(id, at);
        }
    }

    void writeSeen() {
        seen.write(documents, byId::containsKey);
    }

    private void requireFreeClientId(String clientId) {
        List<Entry> holders = clientIds.named(clientId);
        if (!holders.isEmpty()) {
            throw new ConflictException(
                    "clientId: "
                            + clientId
                            + " belongs to the credential \""
                            + holders.get(0).credential().description()
                            + "\". Two credentials may share it if allowOverlap is true; while a"
                            + " session of one exists, the other is refused");
        }
    }

    /** Writes changes, the first of which is the credential. */
    private Entry write(List<DocumentChange> changes, @Nullable Entry old) {
        Entry entry = CredentialDocument.read(documents.commit(changes).get(0));
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
        clientIds.add(entry);
        if (entry.verifier() instanceof Verifier.Chosen) {
            chosen.incrementAndGet();
        }
    }

    private void unindex(Entry entry) {
        Credential credential = entry.credential();
        byId.remove(entry.id(), entry);
        byUsername.remove(credential.username(), entry);
        clientIds.remove(entry);
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
