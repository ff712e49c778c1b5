package io.busbar.mqtt.broker.loop;

import io.busbar.api.broker.DropCause;

/**
 * What one loop counted. Written by its loop alone without synchronisation; readers see a figure of
 * a moment ago.
 */
public final class Counters {
    public long packetsIn;
    public long packetsOut;
    public long publishIn;
    public long publishOut;
    public long publishBytesIn;
    public long publishBytesOut;
    public long denied;
    public long held;
    public long throttled;
    public long failures;

    private final long[] drops = new long[DropCause.values().length];

    /** Counts a message that a subscriber did not get. */
    public void drop(DropCause cause) {
        drops[cause.ordinal()]++;
    }

    /** How many messages subscribers did not get for this cause. */
    public long drops(DropCause cause) {
        return drops[cause.ordinal()];
    }
}
