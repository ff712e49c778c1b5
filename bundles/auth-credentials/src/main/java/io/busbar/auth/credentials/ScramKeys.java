package io.busbar.auth.credentials;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * The server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), for enhanced authentication of MQTT 5.
 * All but the count in base64.
 */
record ScramKeys(int iterations, String salt, String storedKey, String serverKey) {
    /**
     * The least that RFC 7677 allows: plenty for a password of 161 random bits, and cheap for a
     * small device.
     */
    private static final int ITERATIONS = 4096;

    static ScramKeys of(String password, byte[] salt) {
        return of(password, salt, ITERATIONS);
    }

    static ScramKeys of(String password, byte[] salt, int iterations) {
        try {
            byte[] salted =
                    SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                            .generateSecret(
                                    new PBEKeySpec(password.toCharArray(), salt, iterations, 256))
                            .getEncoded();
            byte[] clientKey = Bytes.hmacSha256(salted, Bytes.ascii("Client Key"));
            byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(clientKey);
            byte[] serverKey = Bytes.hmacSha256(salted, Bytes.ascii("Server Key"));
            Base64.Encoder base64 = Base64.getEncoder();
            return new ScramKeys(
                    iterations,
                    base64.encodeToString(salt),
                    base64.encodeToString(storedKey),
                    base64.encodeToString(serverKey));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256 and PBKDF2", e);
        }
    }
}
