package io.busbar.auth.credentials;

import java.security.MessageDigest;

/** What is kept of a password: enough to recognise it, not to tell it. */
sealed interface Verifier {
    /**
     * Of a generated password: it is random enough that a fast keyed hash is safe, so that
     * thousands of devices can reconnect at once.
     *
     * @param keyId which server key it was made with
     */
    record Generated(String keyId, String mac) implements Verifier {
        static Generated of(ServerKey key, String credentialId, byte[] password) {
            return new Generated(key.id(), key.mac(credentialId, password));
        }

        boolean matches(ServerKey key, String credentialId, byte[] password) {
            return MessageDigest.isEqual(
                    Bytes.ascii(mac), Bytes.ascii(key.mac(credentialId, password)));
        }
    }

    /** Of a password that a person chose: a slow hash. */
    record Chosen(String phc) implements Verifier {}
}
