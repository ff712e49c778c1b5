package io.busbar.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until it is told. Thread-safe. */
public final class ManualClock extends Clock {
    private volatile Instant now;

    /** Starts at a moment. */
    public ManualClock(Instant start) {
        now = start;
    }

    /** Lets time pass. */
    public synchronized void advance(Duration duration) {
        now = now.plus(duration);
    }

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
        return now;
    }
}
