package io.busbar.web.api.state;

import io.busbar.api.broker.BrokerStats;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The broker's figures of the last five minutes, from one sample a second. Thread-safe. */
public final class StatsSampler {
    /** Seconds between two points of the history. */
    public static final int STEP_SECONDS = 5;

    /** Points of the history: five minutes. */
    public static final int POINTS = 60;

    private final Clock clock;
    private final Deque<Sample> recent = new ArrayDeque<>();
    private final Deque<Point> history = new ArrayDeque<>();
    private long startedAtMillis = -1;

    public StatsSampler(Clock clock) {
        this.clock = clock;
    }

    /**
     * Takes a sample. To be called once a second.
     *
     * @param stats null while there is no broker
     */
    public synchronized void sample(@Nullable BrokerStats stats) {
        long now = clock.millis();
        BrokerStats.Flow publishes = stats == null ? null : stats.traffic().publishes();
        if (publishes == null || !recent.isEmpty() && recent.getLast().in > publishes.received()) {
            // The broker is gone or began anew: its counters cannot be compared with the old ones.
            recent.clear();
        }
        if (publishes != null) {
            recent.addLast(new Sample(now, publishes.received(), publishes.sent()));
            while (recent.size() > STEP_SECONDS + 1) {
                recent.removeFirst();
            }
        }
        if (startedAtMillis < 0 || now - startedAtMillis >= STEP_SECONDS * 1000L - 100) {
            startedAtMillis = now;
            Rates rates = rates();
            history.addLast(
                    new Point(
                            Instant.ofEpochMilli(now),
                            stats == null ? 0 : stats.connections().online(),
                            rates));
            while (history.size() > POINTS) {
                history.removeFirst();
            }
        }
    }

    /** Messages per second, the mean of the last five seconds. */
    public synchronized Rates rates() {
        if (recent.size() < 2) {
            return new Rates(0, 0);
        }
        Sample first = recent.getFirst();
        Sample last = recent.getLast();
        double seconds = Math.max(0.5, (last.at - first.at) / 1000.0);
        return new Rates((last.in - first.in) / seconds, (last.out - first.out) / seconds);
    }

    /** Up to {@link #POINTS} points, oldest first. */
    public synchronized List<Point> history() {
        return new ArrayList<>(history);
    }

    /** Messages per second. */
    public record Rates(double in, double out) {}

    /** One point of the history. */
    public record Point(Instant at, long online, Rates rates) {}

    private record Sample(long at, long in, long out) {}
}
