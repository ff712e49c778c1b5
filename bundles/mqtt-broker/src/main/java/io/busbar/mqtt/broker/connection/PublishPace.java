package io.busbar.mqtt.broker.connection;

import io.busbar.mqtt.broker.limit.PublishRate;
import io.busbar.mqtt.broker.loop.Ticker;

/**
 * How far one client is ahead of the rate at which it may publish: the time at which all that came
 * would have come at that rate, as in the virtual scheduling of the generic cell rate algorithm,
 * ITU-T I.371. Confined to the loop of its connection.
 */
final class PublishPace {
    private static final long SECOND = 1_000_000_000L;
    private static final long BURST_NANOS = SECOND;

    private final PublishRate rate;
    private final Ticker ticker;
    private long messagesDue;
    private long bytesDue;

    PublishPace(PublishRate rate, Ticker ticker) {
        this.rate = rate;
        this.ticker = ticker;
        this.messagesDue = ticker.nanos() - BURST_NANOS;
        this.bytesDue = messagesDue;
    }

    /** Counts a message; returns by how many nanoseconds it came too early, or 0. */
    long count(int bytes) {
        long now = ticker.nanos();
        long ahead = 0;
        if (rate.messagesPerSecond() > 0) {
            messagesDue = latest(messagesDue, now) + SECOND / rate.messagesPerSecond();
            ahead = Math.max(ahead, messagesDue - now);
        }
        if (rate.bytesPerSecond() > 0) {
            // A packet has at most 2^28 bytes: no overflow.
            bytesDue = latest(bytesDue, now) + bytes * SECOND / rate.bytesPerSecond();
            ahead = Math.max(ahead, bytesDue - now);
        }
        return ahead;
    }

    private static long latest(long due, long now) {
        long earliest = now - BURST_NANOS;
        return due - earliest > 0 ? due : earliest;
    }
}
