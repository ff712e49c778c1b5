package io.busbar.auth.credentials;

import java.security.SecureRandom;
import java.util.UUID;

/** Makes names and passwords. Thread-safe. */
final class Secrets {
    private static final String BASE32 = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final String LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz";

    /**
     * Without look-alikes (0 O o, 1 I l i): 55 characters, none of which any shell, URL, JSON or
     * YAML reads in a special way.
     */
    private static final String UNMISTAKABLE = LETTERS + "23456789";

    static final int PASSWORD_LENGTH = 28;

    private final SecureRandom random = new SecureRandom();

    /** {@code uns} and 12 characters: inside the 23 that every MQTT server must take. */
    String clientId() {
        return "uns" + text(BASE32, 12);
    }

    String username() {
        return "u" + text(BASE32, 12);
    }

    /** More than 161 random bits; begins with a letter, so that nothing takes it for a number. */
    String password() {
        return text(LETTERS, 1) + text(UNMISTAKABLE, PASSWORD_LENGTH - 1);
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A UUID of version 7: ids made later sort later. */
    String id(long millis) {
        long high = (millis << 16) | 0x7000 | random.nextInt(0x1000);
        long low = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
        return new UUID(high, low).toString();
    }

    private String text(String alphabet, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
