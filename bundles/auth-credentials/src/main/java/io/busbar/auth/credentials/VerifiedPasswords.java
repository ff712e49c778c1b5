package io.busbar.auth.credentials;

import java.security.MessageDigest;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers for some minutes which slow hashes were found right for which password, as a keyed hash
 * of the password that no other process can make. A device that reconnects need not wait for Argon2
 * again. Thread-safe.
 */
final class VerifiedPasswords {
    private static final int CAPACITY = 10_000;

    private final Clock clock;
    private final byte[] key;
    private final Map<String, Verified> verified =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Verified> eldest) {
                    return size() > CAPACITY;
                }
            };

    VerifiedPasswords(Clock clock, byte[] key) {
        this.clock = clock;
        this.key = key;
    }

    boolean contains(String phc, byte[] password) {
        byte[] mac = Bytes.hmacSha256(key, password);
        synchronized (verified) {
            Verified known = verified.get(phc);
            return known != null
                    && clock.millis() < known.until
                    && MessageDigest.isEqual(known.mac, mac);
        }
    }

    void add(String phc, byte[] password, int seconds) {
        if (seconds > 0) {
            byte[] mac = Bytes.hmacSha256(key, password);
            synchronized (verified) {
                verified.put(phc, new Verified(mac, clock.millis() + seconds * 1000L));
            }
        }
    }

    private record Verified(byte[] mac, long until) {}
}
