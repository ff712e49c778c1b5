package io.busbar.mqtt.transport;

import io.busbar.mqtt.broker.loop.Ticker;
import io.busbar.mqtt.transport.loops.PartialPackets;
import io.netty.util.concurrent.MockTicker;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Several loops that one thread turns, and the time that they all see. */
final class HandLoops {
    private static final int STEP_MILLIS = 250;
    private static final int MOST_TURNS = 100_000;

    private final MockTicker netty = io.netty.util.concurrent.Ticker.newMockTicker();
    private final List<HandLoop> all;
    private @Nullable HandLoop current;
    private long millis = 1_800_000_000_000L;

    /** What connections of all loops hold of packets that are not complete. */
    final PartialPackets partial = new PartialPackets(64 << 10);

    final Ticker ticker = () -> millis * 1_000_000L;
    final Clock clock =
            new Clock() {
                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }

                @Override
                public Instant instant() {
                    return Instant.ofEpochMilli(millis);
                }

                @Override
                public long millis() {
                    return millis;
                }
            };

    /** The first is the broker's own. */
    HandLoops() {
        all = List.of(new HandLoop(this, -1), new HandLoop(this, 0), new HandLoop(this, 1));
    }

    HandLoop home() {
        return all.get(0);
    }

    /** One of the two that have connections. */
    HandLoop of(int index) {
        return all.get(1 + index);
    }

    MockTicker netty() {
        return netty;
    }

    @Nullable HandLoop current() {
        return current;
    }

    void on(HandLoop loop, Runnable action) {
        HandLoop before = current;
        current = loop;
        try {
            action.run();
        } finally {
            current = before;
        }
    }

    /** Turns all loops until nothing is left to do now; false if there was nothing. */
    boolean settle() {
        int turns = 0;
        for (boolean more = true; more; ) {
            more = false;
            for (HandLoop loop : all) {
                if (loop.turn()) {
                    more = true;
                    if (++turns > MOST_TURNS) {
                        throw new AssertionError("the loops never come to rest");
                    }
                }
            }
        }
        return turns > 0;
    }

    /** Lets time pass, in steps as small as the broker's own. */
    void advance(int durationMillis) {
        for (int left = durationMillis; left > 0; ) {
            int step = Math.min(left, STEP_MILLIS);
            left -= step;
            millis += step;
            netty.advance(step, TimeUnit.MILLISECONDS);
            settle();
        }
    }
}
