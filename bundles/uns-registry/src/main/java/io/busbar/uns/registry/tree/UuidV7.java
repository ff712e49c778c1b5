package io.busbar.uns.registry.tree;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;

/**
 * Creates identifiers that sort by their time of creation: RFC 9562, version 7. A counter in the
 * random part keeps identifiers of the same millisecond in order. Thread-safe.
 */
public final class UuidV7 {
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private long lastMillis;
    private int counter;

    public UuidV7(Clock clock) {
        this.clock = clock;
    }

    public synchronized UUID next() {
        long now = Math.max(clock.millis(), lastMillis);
        if (now > lastMillis) {
            lastMillis = now;
            counter = random.nextInt(0x800);
        } else if (++counter > 0xFFF) {
            lastMillis = ++now;
            counter = 0;
        }
        return new UUID(
                now << 16 | 0x7000 | counter, random.nextLong() >>> 2 | 0x8000_0000_0000_0000L);
    }
}
