package io.busbar.auth.credentials;

import org.jspecify.annotations.Nullable;

/**
 * What is kept of a password.
 *
 * @param scram null for a password that a person chose: these keys would be easier to guess than
 *     its slow hash
 */
record Keys(Verifier verifier, @Nullable ScramKeys scram) {
    /** Of a password that a person chose. */
    static Keys chosen(String phc) {
        return new Keys(new Verifier.Chosen(phc), null);
    }

    /** Of a generated password. */
    static Keys generated(ServerKey key, String credentialId, String password, byte[] salt) {
        return new Keys(
                Verifier.Generated.of(key, credentialId, Bytes.utf8(password)),
                ScramKeys.of(password, salt));
    }
}
