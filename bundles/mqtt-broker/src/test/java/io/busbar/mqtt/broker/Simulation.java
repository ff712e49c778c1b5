package io.busbar.mqtt.broker;

import io.busbar.mqtt.broker.link.EventLoop;
import io.busbar.mqtt.broker.loop.Ticker;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Event loops and time in the hand of a test: nothing happens but in {@link #settle} and {@link
 * #advance}.
 */
final class Simulation {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<Due> timers = new ArrayList<>();
    private long millis = 1_800_000_000_000L;
    private FakeLoop current;

    private record Due(long at, long order, Runnable action) {}

    private long order;

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

    final Ticker ticker = () -> millis * 1_000_000L;

    /** One of several loops that take turns. */
    final class FakeLoop implements EventLoop {
        private final int index;

        FakeLoop(int index) {
            this.index = index;
        }

        @Override
        public int index() {
            return index;
        }

        @Override
        public boolean inLoop() {
            return current == this;
        }

        @Override
        public void execute(Runnable action) {
            tasks.add(() -> on(this, action));
        }

        @Override
        public Timer schedule(Runnable action, long delayMillis) {
            Due due = new Due(millis + delayMillis, order++, () -> on(this, action));
            timers.add(due);
            return () -> timers.remove(due);
        }
    }

    /** How many timers wait. */
    int timers() {
        return timers.size();
    }

    FakeLoop loop(int index) {
        return new FakeLoop(index);
    }

    void on(FakeLoop loop, Runnable action) {
        FakeLoop before = current;
        current = loop;
        try {
            action.run();
        } finally {
            current = before;
        }
    }

    /** Ends the turns of all loops, until nothing is left to do. */
    void settle() {
        for (Runnable task; (task = tasks.poll()) != null; ) {
            task.run();
        }
    }

    /** Lets time pass. */
    void advance(long durationMillis) {
        settle();
        long until = millis + durationMillis;
        while (true) {
            Due next =
                    timers.stream()
                            .filter(due -> due.at <= until)
                            .min(Comparator.comparingLong(Due::at).thenComparingLong(Due::order))
                            .orElse(null);
            if (next == null) {
                break;
            }
            timers.remove(next);
            millis = Math.max(millis, next.at);
            next.action.run();
            settle();
        }
        millis = until;
    }
}
