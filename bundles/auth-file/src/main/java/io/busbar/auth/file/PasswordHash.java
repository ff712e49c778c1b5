package io.busbar.auth.file;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A hashed password, as {@code mosquitto_passwd} writes it or as a PHC string. */
sealed interface PasswordHash {
    /**
     * Reads a hash.
     *
     * @throws IllegalArgumentException if it is none of the known forms; says what was expected
     */
    static PasswordHash of(String text) {
        String[] parts = text.split("\\$", -1);
        if (parts.length < 2 || !parts[0].isEmpty()) {
            throw problem();
        }
        return switch (parts[1]) {
            case "6" -> SaltedSha512.of(parts);
            case "7", "pbkdf2-sha512" -> Pbkdf2.of("HmacSHA512", parts);
            case "pbkdf2-sha256" -> Pbkdf2.of("HmacSHA256", parts);
            case "argon2id" -> Argon2id.of(text);
            default -> throw problem();
        };
    }

    private static IllegalArgumentException problem() {
        return new IllegalArgumentException(
                "the password is not a known hash (expected: $6$…, $7$… or $argon2id$… as"
                        + " mosquitto_passwd writes them, $pbkdf2-sha256$… or $pbkdf2-sha512$…)");
    }

    private static byte[] decode(String base64, int leastBytes) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw problem();
        }
        if (bytes.length < leastBytes) {
            throw problem();
        }
        return bytes;
    }

    /** A hash that this bundle computes itself. */
    sealed interface Computed extends PasswordHash {
        /** Whether it is the hash of the password; takes the same time whatever the answer. */
        boolean matches(byte[] password);
    }

    /**
     * {@code $6$salt$hash} of Mosquitto before 2.0: SHA-512 of the password and the salt. In spite
     * of its number it is not what {@code crypt} makes.
     */
    record SaltedSha512(byte[] salt, byte[] hash) implements Computed {
        private static final int HASH_BYTES = 64;

        private static SaltedSha512 of(String[] parts) {
            if (parts.length != 4) {
                throw problem();
            }
            return new SaltedSha512(decode(parts[2], 1), decode(parts[3], HASH_BYTES));
        }

        @Override
        public boolean matches(byte[] password) {
            try {
                MessageDigest sha512 = MessageDigest.getInstance("SHA-512");
                sha512.update(password);
                return MessageDigest.isEqual(hash, sha512.digest(salt));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java platform has SHA-512", e);
            }
        }
    }

    /**
     * {@code $argon2id$…} of Mosquitto 2.1 and other tools: the service of the server checks it.
     */
    record Argon2id(String phc) implements PasswordHash {
        private static final Pattern PHC =
                Pattern.compile(
                        "\\$argon2id\\$v=19\\$m=(\\d{1,6}),t=(\\d{1,3}),p=\\d{1,2}"
                                + "\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

        /** 256 MiB: more would endanger the server at every login. */
        private static final int MOST_KIB = 256 * 1024;

        private static final int MOST_PASSES = 100;

        private static Argon2id of(String text) {
            Matcher parts = PHC.matcher(text);
            if (!parts.matches()) {
                throw problem();
            }
            if (Integer.parseInt(parts.group(1)) > MOST_KIB
                    || Integer.parseInt(parts.group(2)) > MOST_PASSES) {
                throw new IllegalArgumentException(
                        "the hash takes too much memory or too many passes (expected: m up to "
                                + MOST_KIB
                                + ", t up to "
                                + MOST_PASSES
                                + ")");
            }
            decode(parts.group(3), 8);
            decode(parts.group(4), 16);
            return new Argon2id(text);
        }
    }

    /**
     * {@code $7$iterations$salt$hash} of Mosquitto 2 with PBKDF2-HMAC-SHA512, or as a PHC string,
     * {@code $pbkdf2-sha256$i=iterations$salt$hash} and {@code $pbkdf2-sha512$…}; salt and hash in
     * base64.
     */
    record Pbkdf2(String algorithm, int iterations, byte[] salt, byte[] hash) implements Computed {
        private static final int MAX_ITERATIONS = 10_000_000;

        private static Pbkdf2 of(String algorithm, String[] parts) {
            if (parts.length != 5) {
                throw problem();
            }
            String count = parts[2].startsWith("i=") ? parts[2].substring(2) : parts[2];
            int iterations;
            try {
                iterations = Integer.parseInt(count);
            } catch (NumberFormatException e) {
                throw problem();
            }
            if (iterations <= 0 || iterations > MAX_ITERATIONS) {
                throw problem();
            }
            return new Pbkdf2(algorithm, iterations, decode(parts[3], 1), decode(parts[4], 16));
        }

        @Override
        public boolean matches(byte[] password) {
            try {
                boolean same = MessageDigest.isEqual(hash, pbkdf2(password));
                // HMAC fills its key up with zero bytes, so one at the end would make no difference
                // to
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
}
