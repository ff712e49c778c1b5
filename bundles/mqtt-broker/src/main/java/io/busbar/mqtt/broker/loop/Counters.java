package io.busbar.mqtt.broker.loop;

import io.busbar.api.broker.DropCause;

/**
 * The counters of one event loop. Only that loop writes them, without synchronisation; readers may
 * see slightly older values.
 *
 * <p>The gauges ({@link #attached}, {@link #owed}, {@link #inflight}) count things of sessions, and
 * sessions move between loops. One loop may add what another one takes away, so only the sum over
 * all loops is meaningful.
 */
public final class Counters {
    public long packetsIn;
    public long packetsOut;
    public long bytesIn;
    public long bytesOut;
    public long publishIn;
    public long publishOut;
    public long publishBytesIn;
    public long publishBytesOut;
    public long denied;
    public long refused;
    public long diverted;
    public long interceptorFailures;
    public long held;
    public long throttled;
    public long failures;

    /** Sessions that have a connection. */
    public long attached;

    /** Messages that sessions owe to their clients, sent or not. */
    public long owed;

    /** Those of them that were sent and are not acknowledged. */
    public long inflight;

    private final long[] drops = new long[DropCause.values().length];

    /** Counts messages that a subscriber did not get. */
    public void drop(DropCause cause, long count) {
        drops[cause.ordinal()] += count;
    }

    /** How many messages subscribers did not get for this cause. */
    public long drops(DropCause cause) {
        return drops[cause.ordinal()];
    }
}
