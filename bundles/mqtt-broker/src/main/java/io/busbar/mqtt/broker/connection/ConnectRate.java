package io.busbar.mqtt.broker.connection;

import io.busbar.mqtt.broker.loop.Ticker;

/** Limits how many clients may connect per second, all together. Thread-safe. */
public final class ConnectRate {
    private static final long SECOND = 1_000_000_000L;

    private final int perSecond;
    private final Ticker ticker;
    private long since;
    private int count;

    /** Makes one; 0 = no limit. */
    public ConnectRate(int perSecond, Ticker ticker) {
        this.perSecond = perSecond;
        this.ticker = ticker;
        this.since = ticker.nanos();
    }

    synchronized boolean allows() {
        if (perSecond == 0) {
            return true;
        }
        long now = ticker.nanos();
        if (now - since >= SECOND) {
            since = now;
            count = 0;
        }
        return ++count <= perSecond;
    }
}
