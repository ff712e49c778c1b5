package io.busbar.auth.credentials;

import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.storage.StorageException;
import io.busbar.json.JsonMapper;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The key of the verifiers of generated passwords. Kept in the same store as they are, so that one
 * cannot be restored without the other.
 */
final class ServerKey {
    private static final String COLLECTION = "auth_keys";
    private static final String KEY = "credentials";

    /** Where it is kept. */
    static final String DOCUMENT = COLLECTION + "/" + KEY;

    /** Before the id of a key that came with credentials of another server. */
    private static final String MOVED = "moved:";

    private static final JsonMapper MAPPER = JsonMapper.builder().tolerateUnknownKeys().build();
    private static final byte[] SEPARATOR = {0};
    private static final int LONGEST_ID = 100;

    /** The document; the key in base64. */
    record Written(String id, String key) {
        /**
         * The key.
         *
         * @throws IllegalArgumentException if it is none
         */
        ServerKey read() {
            byte[] bytes = Base64.getDecoder().decode(key);
            if (id.isEmpty() || id.length() > LONGEST_ID || bytes.length == 0) {
                throw new IllegalArgumentException("the server key is not one");
            }
            return new ServerKey(id, bytes);
        }
    }

    private final String id;
    private final byte[] key;

    ServerKey(String id, byte[] key) {
        this.id = id;
        this.key = key;
    }

    /**
     * Reads the key, or makes and writes it if there is none.
     *
     * @throws StorageException if the documents cannot be read or it is damaged
     */
    static ServerKey load(Documents documents, Secrets secrets) {
        Document document = documents.get(COLLECTION, KEY).orElse(null);
        if (document == null) {
            String id = Base64.getUrlEncoder().withoutPadding().encodeToString(secrets.bytes(6));
            ServerKey made = new ServerKey(id, secrets.bytes(32));
            documents.commit(
                    List.of(DocumentChange.create(COLLECTION, KEY, MAPPER.write(made.written()))));
            return made;
        }
        return read(document);
    }

    /**
     * Reads the keys that came with credentials of other servers.
     *
     * @throws StorageException if the documents cannot be read or one is damaged
     */
    static Map<String, ServerKey> loadMoved(Documents documents) {
        Map<String, ServerKey> keys = new ConcurrentHashMap<>();
        for (Document document : documents.scan(COLLECTION)) {
            if (document.key().startsWith(MOVED)) {
                ServerKey key = read(document);
                keys.put(key.id, key);
            }
        }
        return keys;
    }

    private static ServerKey read(Document document) {
        try {
            return MAPPER.read(document.json(), Written.class).read();
        } catch (IllegalArgumentException e) {
            throw new StorageException(
                    "The server key of the MQTT credentials (document "
                            + document.collection()
                            + "/"
                            + document.key()
                            + ") is damaged. Restore a backup of the document store.",
                    e);
        }
    }

    String id() {
        return id;
    }

    /** As it is written down. */
    Written written() {
        return new Written(id, Base64.getEncoder().encodeToString(key));
    }

    /** Keeps the key of another server. */
    DocumentChange creationAsMoved() {
        return DocumentChange.create(COLLECTION, MOVED + id, MAPPER.write(written()));
    }

    boolean isSame(ServerKey other) {
        return id.equals(other.id) && MessageDigest.isEqual(key, other.key);
    }

    /** The verifier of a password; bound to its credential, so that it is of no use in another. */
    String mac(String credentialId, byte[] password) {
        return Base64.getEncoder()
                .encodeToString(
                        Bytes.hmacSha256(key, Bytes.utf8(credentialId), SEPARATOR, password));
    }
}
