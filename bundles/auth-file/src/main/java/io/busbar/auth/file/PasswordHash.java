package io.busbar.auth.file;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A hashed password as {@code mosquitto_passwd} writes it, {@code $7$iterations$salt$hash} with
 * PBKDF2-HMAC-SHA512, or as a PHC string, {@code $pbkdf2-sha256$i=iterations$salt$hash} and {@code
 * $pbkdf2-sha512$…}; salt and hash in base64.
 */
record PasswordHash(String algorithm, int iterations, byte[] salt, byte[] hash) {
    private static final int MAX_ITERATIONS = 10_000_000;

    /** Matches no password, and takes as long as one that does. */
    static final PasswordHash NOBODY =
            new PasswordHash("HmacSHA512", 101, new byte[12], new byte[64]);

    /**
     * Reads a hash.
     *
     * @throws IllegalArgumentException if it is none of the known forms; says what was expected
     */
    static PasswordHash of(String text) {
        String[] parts = text.split("\\$", -1);
        if (parts.length != 5 || !parts[0].isEmpty()) {
            throw problem();
        }
        String algorithm =
                switch (parts[1]) {
                    case "7", "pbkdf2-sha512" -> "HmacSHA512";
                    case "pbkdf2-sha256" -> "HmacSHA256";
                    default -> throw problem();
                };
        try {
            String count = parts[2].startsWith("i=") ? parts[2].substring(2) : parts[2];
            int iterations = Integer.parseInt(count);
            byte[] salt = Base64.getDecoder().decode(parts[3]);
            byte[] hash = Base64.getDecoder().decode(parts[4]);
            if (iterations > 0
                    && iterations <= MAX_ITERATIONS
                    && salt.length > 0
                    && hash.length >= 16) {
                return new PasswordHash(algorithm, iterations, salt, hash);
            }
        } catch (IllegalArgumentException e) {
            throw problem();
        }
        throw problem();
    }

    private static IllegalArgumentException problem() {
        return new IllegalArgumentException(
                "the password is not a known hash (expected: $7$… as mosquitto_passwd writes it,"
                        + " $pbkdf2-sha256$… or $pbkdf2-sha512$…)");
    }

    /** Whether it is the hash of the password; takes the same time whatever the answer. */
    boolean matches(byte[] password) {
        try {
            boolean same = MessageDigest.isEqual(hash, pbkdf2(password));
            // HMAC fills its key up with zero bytes, so one at the end would make no difference to
            // it.
            return same && (password.length == 0 || password[password.length - 1] != 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    /** RFC 8018, section 5.2, over bytes: what the platform brings takes characters. */
    private byte[] pbkdf2(byte[] password) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(algorithm);
        // An empty key is refused by the platform; one zero byte is the same key to HMAC.
        mac.init(new SecretKeySpec(password.length == 0 ? new byte[1] : password, algorithm));
        byte[] derived = new byte[hash.length];
        for (int block = 1, at = 0; at < derived.length; block++) {
            mac.update(salt);
            byte[] u = mac.doFinal(new byte[] {0, 0, 0, (byte) block});
            byte[] sum = u.clone();
            for (int i = 1; i < iterations; i++) {
                u = mac.doFinal(u);
                for (int k = 0; k < sum.length; k++) {
                    sum[k] ^= u[k];
                }
            }
            int length = Math.min(sum.length, derived.length - at);
            System.arraycopy(sum, 0, derived, at, length);
            at += length;
        }
        return derived;
    }
}
