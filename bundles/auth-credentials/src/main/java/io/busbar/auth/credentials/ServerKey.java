package io.busbar.auth.credentials;

import java.util.Base64;

/**
 * The key of the verifiers of generated passwords. Kept in the same store as they are, so that one
 * cannot be restored without the other.
 */
final class ServerKey {
    private static final byte[] SEPARATOR = {0};

    private final String id;
    private final byte[] key;

    ServerKey(String id, byte[] key) {
        this.id = id;
        this.key = key;
    }

    String id() {
        return id;
    }

    String base64() {
        return Base64.getEncoder().encodeToString(key);
    }

    /** The verifier of a password; bound to its credential, so that it is of no use in another. */
    String mac(String credentialId, byte[] password) {
        return Base64.getEncoder()
                .encodeToString(
                        Bytes.hmacSha256(key, Bytes.utf8(credentialId), SEPARATOR, password));
    }
}
