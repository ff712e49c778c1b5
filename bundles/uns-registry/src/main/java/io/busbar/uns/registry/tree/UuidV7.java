package io.busbar.uns.registry.tree;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;

/**
 * Makes identifiers that sort by the time they were made: RFC 9562, version 7, with a counter in
 * the random part so that those of one millisecond keep their order. Thread-safe.
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
