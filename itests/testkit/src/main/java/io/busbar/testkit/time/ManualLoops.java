package io.busbar.testkit.time;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Event loops without threads. They run, and their clock moves, only when the test says so; every
 * run of a test is therefore the same. Confined to the thread of the test.
 */
public final class ManualLoops {
    private static final int MOST_TURNS = 100_000;

    private final ManualClock clock;
    private final List<Turning> all = new ArrayList<>();
    private @Nullable Turning current;

    /** One that a test turns. */
    public interface Turning {
        /** Runs what is due now; false if nothing was. Called by {@link ManualLoops} alone. */
        boolean turn();

        /**
         * When its next timer is due, as {@link ManualClock#nanos}; {@link Long#MAX_VALUE} if it
         * has none.
         */
        long nextTimerNanos();
    }

    /** Makes a set without loops whose clock begins at a moment. */
    public ManualLoops(Instant start) {
        clock = new ManualClock(start);
    }

    /** The time that all of them see; it is moved by {@link #advance}. */
    public ManualClock clock() {
        return clock;
    }

    /** Adds a loop. */
    public ManualLoop loop() {
        return add(new ManualLoop(this));
    }

    /** Adds a loop of another kind. */
    public <T extends Turning> T add(T loop) {
        all.add(loop);
        return loop;
    }

    /** Whether what runs now runs on this loop. */
    public boolean isOn(Turning loop) {
        return current == loop;
    }

    /** Runs an action on a loop, at once. */
    public void on(Turning loop, Runnable action) {
        Turning before = current;
        current = loop;
        try {
            action.run();
        } finally {
            current = before;
        }
    }

    /** One turn of one loop; false if nothing was due. */
    public boolean turn(Turning loop) {
        boolean[] ran = new boolean[1];
        on(loop, () -> ran[0] = loop.turn());
        return ran[0];
    }

    /** Turns all loops until nothing is left to do at this moment; false if nothing was. */
    public boolean settle() {
        int turns = 0;
        for (boolean more = true; more; ) {
            more = false;
            for (Turning loop : all) {
                if (turn(loop)) {
                    more = true;
                    if (++turns > MOST_TURNS) {
                        throw new AssertionError("the loops never come to rest");
                    }
                }
            }
        }
        return turns > 0;
    }

    /** Lets time pass: every timer that falls due runs at its moment. */
    public void advance(Duration duration) {
        settle();
        long until = clock.nanos() + duration.toNanos();
        for (long next; (next = nextTimerNanos()) <= until; ) {
            clock.advance(Duration.ofNanos(Math.max(0, next - clock.nanos())));
            settle();
        }
        clock.advance(Duration.ofNanos(until - clock.nanos()));
    }

    private long nextTimerNanos() {
        long next = Long.MAX_VALUE;
        for (Turning loop : all) {
            next = Math.min(next, loop.nextTimerNanos());
        }
        return next;
    }
}
