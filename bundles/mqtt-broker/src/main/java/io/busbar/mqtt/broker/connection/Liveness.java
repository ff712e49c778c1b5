package io.busbar.mqtt.broker.connection;

import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.broker.loop.Deadlines;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.loop.Ticker;

/**
 * Watches that packets come from a client, and come to their end: keep alive and packet timeout.
 * Packets only note the time; the deadline follows when it is due. Confined to the loop of its
 * connection, but for {@link #idleNanos}.
 */
final class Liveness implements Deadlines.Due {
    private final ClientLink link;
    private final Reading reading;
    private final Ticker ticker;
    private final long packetNanos;
    private final Late late;
    private final Deadlines.Deadline deadline;
    private boolean watching;
    private long keepAliveNanos;

    /** Whether a packet came in this read. */
    private boolean active;

    /** When the last read ended that had a packet. */
    private long lastActiveNanos;

    private long incompleteSinceNanos;

    /** Is told what the client owes; at most once. */
    interface Late {
        /** It said nothing for longer than its keep alive allows. */
        void silent();

        /** A packet has begun and did not end in time. */
        void stuck();
    }

    Liveness(
            ClientLink link,
            Reading reading,
            Loop loop,
            Ticker ticker,
            int packetTimeoutMillis,
            Late late) {
        this.link = link;
        this.reading = reading;
        this.ticker = ticker;
        this.packetNanos = packetTimeoutMillis * 1_000_000L;
        this.late = late;
        this.deadline = loop.deadline(this);
    }

    /** The client is connected: from now on it is watched. */
    void begin(int keepAliveSeconds) {
        watching = true;
        // One and a half times the keep alive [MQTT5-3.1.2-22].
        keepAliveNanos = keepAliveSeconds * 1_500_000_000L;
        lastActiveNanos = ticker.nanos();
        incompleteSinceNanos = lastActiveNanos;
        setDeadline();
    }

    /** The connection is over. */
    void end() {
        watching = false;
        deadline.clear();
    }

    /** A packet came. */
    void packet() {
        active = true;
    }

    /** All that could be read was read. */
    void readComplete() {
        if (active) {
            active = false;
            lastActiveNanos = ticker.nanos();
        }
    }

    /** A packet has begun that is not complete. */
    void incomplete() {
        incompleteSinceNanos = ticker.nanos();
        if (watching && packetNanos > 0) {
            deadline.atLatest(incompleteSinceNanos + packetNanos);
        }
    }

    /** For how long the client has said nothing; 0 while it is not read. Any thread. */
    long idleNanos() {
        return reading.isStopped() ? 0 : ticker.nanos() - activeNanos();
    }

    /** When the client last said something, or could not. */
    private long activeNanos() {
        return later(lastActiveNanos, reading.wentOnNanos());
    }

    /** Since when there was neither a whole packet nor a reason not to read. */
    private long packetSinceNanos() {
        return later(activeNanos(), incompleteSinceNanos);
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }

    private void setDeadline() {
        if (keepAliveNanos > 0) {
            deadline.atLatest(activeNanos() + keepAliveNanos);
        }
        if (packetNanos > 0 && link.isIncomplete()) {
            deadline.atLatest(packetSinceNanos() + packetNanos);
        }
    }

    @Override
    public void due(long nowNanos) {
        if (reading.isStopped()) {
            // It is not read, so it need not say anything.
            lastActiveNanos = nowNanos;
        } else if (packetNanos > 0
                && link.isIncomplete()
                && nowNanos - packetSinceNanos() > packetNanos) {
            late.stuck();
            return;
        } else if (keepAliveNanos > 0 && nowNanos - activeNanos() > keepAliveNanos) {
            late.silent();
            return;
        }
        setDeadline();
    }
}
