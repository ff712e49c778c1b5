package io.busbar.web.api.state;

import io.busbar.api.memory.MemoryAccount;
import java.time.Clock;

/**
 * Messages per second of the topics that somebody watches, as the mean of the last seconds. A topic
 * that nobody has asked for recently begins at 0. Bounded. Thread-safe.
 */
public final class TopicRates {
    private static final int MAX_TOPICS = 2000;
    private static final long MAX_BYTES = 2 << 20;
    private static final int METER_BYTES = 48;
    private static final long STEP_MILLIS = 2500;
    private static final long FORGET_MILLIS = 60_000;

    private final Clock clock;
    private final Remembered<Meter> meters;

    /**
     * Knows no rates yet.
     *
     * @param account is asked before more are kept
     */
    public TopicRates(Clock clock, MemoryAccount account) {
        this.clock = clock;
        this.meters = new Remembered<>(MAX_TOPICS, MAX_BYTES, account, meter -> METER_BYTES);
    }

    /**
     * Notes the topic's counter and says its rate.
     *
     * @param messages how many arrived so far
     */
    public synchronized double of(String topic, long messages) {
        long now = clock.millis();
        Meter meter = meters.get(topic);
        if (meter == null || now - meter.recentAt > FORGET_MILLIS || messages < meter.recent) {
            meter = new Meter();
            meter.old = messages;
            meter.oldAt = now;
            meter.recent = messages;
            meter.recentAt = now;
            meters.put(topic, meter);
            return 0;
        }
        double rate = (messages - meter.old) * 1000.0 / Math.max(1000, now - meter.oldAt);
        if (now - meter.recentAt >= STEP_MILLIS) {
            meter.old = meter.recent;
            meter.oldAt = meter.recentAt;
            meter.recent = messages;
            meter.recentAt = now;
        }
        return rate;
    }

    private static final class Meter {
        long old;
        long oldAt;
        long recent;
        long recentAt;
    }
}
