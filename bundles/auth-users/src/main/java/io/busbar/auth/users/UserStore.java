package io.busbar.auth.users;

import io.busbar.api.accounts.Role;
import io.busbar.api.audit.Actor;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.storage.StorageException;
import io.busbar.json.JsonException;
import io.busbar.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * All accounts, in memory for reading and in the documents for keeping. Reading is thread-safe;
 * writing is done by one thread at a time.
 */
final class UserStore {
    static final String USERS = "users";
    static final String TOMBSTONES = "user_tombstones";
    static final String SETUP = "setup";
    private static final String TOKEN = "token";
    private static final JsonMapper MAPPER = JsonMapper.builder().tolerateUnknownKeys().build();

    /** The document of a set-up token. */
    private record SetupToken(String sha256, Instant expiresAt) {}

    /** The document beside the name of a deleted account. */
    private record Tombstone(Instant at, String by) {}

    private final Documents documents;
    private final ConcurrentNavigableMap<String, Account> accounts = new ConcurrentSkipListMap<>();

    private UserStore(Documents documents) {
        this.documents = documents;
    }

    /**
     * Reads all accounts. One that is damaged fails the whole: with the only administrator gone,
     * anyone with a new set-up link could take the server over.
     */
    static UserStore load(Documents documents) {
        UserStore store = new UserStore(documents);
        for (Document document : documents.scan(USERS)) {
            store.accounts.put(document.key(), Account.read(document));
        }
        return store;
    }

    @Nullable Account get(String key) {
        return accounts.get(key);
    }

    List<Account> all() {
        return List.copyOf(accounts.values());
    }

    boolean hasAdministrator() {
        return administrators() > 0;
    }

    long administrators() {
        return accounts.values().stream().filter(it -> it.role() == Role.ADMIN).count();
    }

    boolean wasDeleted(String key) {
        return documents.get(TOMBSTONES, key).isPresent();
    }

    /** Writes an account; its revision says which one it was made from, 0 = none. */
    Account write(Account account) {
        return index(documents.commit(List.of(change(account))).get(0));
    }

    /** Makes the account and spends the token, both or none. */
    Account writeFirstAdministrator(Account account) {
        List<DocumentChange> changes = new ArrayList<>();
        changes.add(change(account));
        changes.add(DocumentChange.delete(SETUP, TOKEN));
        return index(documents.commit(changes).get(0));
    }

    /** Deletes an account; who did it and when is kept beside its name. */
    void delete(String key, Actor actor, Instant at) {
        String tombstone = MAPPER.write(new Tombstone(at, actor.name()));
        documents.commit(
                List.of(
                        DocumentChange.delete(USERS, key),
                        DocumentChange.put(TOMBSTONES, key, tombstone)));
        accounts.remove(key);
    }

    /** Keeps the hash of the token: whoever reads the store cannot use it. */
    void writeToken(String token, Instant expiresAt) {
        String json = MAPPER.write(new SetupToken(sha256(token), expiresAt));
        documents.commit(List.of(DocumentChange.put(SETUP, TOKEN, json)));
    }

    boolean isToken(String token, Instant now) {
        Document document = documents.get(SETUP, TOKEN).orElse(null);
        if (document == null) {
            return false;
        }
        try {
            SetupToken kept = MAPPER.read(document.json(), SetupToken.class);
            return MessageDigest.isEqual(
                            kept.sha256().getBytes(StandardCharsets.UTF_8),
                            sha256(token).getBytes(StandardCharsets.UTF_8))
                    && now.isBefore(kept.expiresAt());
        } catch (JsonException e) {
            throw new StorageException(
                    "The set-up token cannot be read: its document is damaged. Ask for a new one in"
                            + " the server's shell.",
                    e);
        }
    }

    private static DocumentChange change(Account account) {
        return new DocumentChange(USERS, key(account), account.write(), account.revision());
    }

    private Account index(Document document) {
        Account account = Account.read(document);
        accounts.put(document.key(), account);
        return account;
    }

    private static String key(Account account) {
        return AccountRules.key(account.username());
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
