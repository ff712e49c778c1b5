package io.busbar.testkit.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until a test moves it. Thread-safe. */
public final class ManualClock extends Clock {
    private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    /** Since the epoch; a long holds them until the year 2262. */
    private final AtomicLong nanos = new AtomicLong();

    /** Starts at a moment. */
    public ManualClock(Instant start) {
        set(start);
    }

    /** Lets time pass. */
    public void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    /** Goes to a moment, later or earlier. */
    public void set(Instant moment) {
        nanos.set(
                Math.addExact(
                        Math.multiplyExact(moment.getEpochSecond(), NANOS_PER_SECOND),
                        moment.getNano()));
    }

    /** The same time as nanoseconds, for code that measures how long something took. */
    public long nanos() {
        return nanos.get();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochSecond(0, nanos.get());
    }

    @Override
    public long millis() {
        return TimeUnit.NANOSECONDS.toMillis(nanos.get());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
