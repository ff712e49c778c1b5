package io.busbar.auth.credentials;

import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.storage.StorageException;
import io.busbar.json.JsonMapper;
import java.util.Base64;
import java.util.List;

/**
 * The key of the verifiers of generated passwords. Kept in the same store as they are, so that one
 * cannot be restored without the other.
 */
final class ServerKey {
    private static final String COLLECTION = "auth_keys";
    private static final String KEY = "credentials";

    /** Where it is kept. */
    static final String DOCUMENT = COLLECTION + "/" + KEY;

    private static final JsonMapper MAPPER = JsonMapper.builder().tolerateUnknownKeys().build();
    private static final byte[] SEPARATOR = {0};

    /** The document; the key in base64. */
    private record Written(String id, String key) {}

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
            Written written = new Written(id, Base64.getEncoder().encodeToString(made.key));
            documents.commit(
                    List.of(DocumentChange.create(COLLECTION, KEY, MAPPER.write(written))));
            return made;
        }
        try {
            Written written = MAPPER.read(document.json(), Written.class);
            return new ServerKey(written.id(), Base64.getDecoder().decode(written.key()));
        } catch (IllegalArgumentException e) {
            throw new StorageException(
                    "The server key of the MQTT credentials (document "
                            + DOCUMENT
                            + ") is damaged. Restore a backup of the document store.",
                    e);
        }
    }

    String id() {
        return id;
    }

    /** The verifier of a password; bound to its credential, so that it is of no use in another. */
    String mac(String credentialId, byte[] password) {
        return Base64.getEncoder()
                .encodeToString(
                        Bytes.hmacSha256(key, Bytes.utf8(credentialId), SEPARATOR, password));
    }
}
