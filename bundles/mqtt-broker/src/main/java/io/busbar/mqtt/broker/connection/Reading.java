package io.busbar.mqtt.broker.connection;

import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.broker.link.EventLoop;
import io.busbar.mqtt.broker.loop.Congestion;
import io.busbar.mqtt.broker.loop.Loop;
import io.busbar.mqtt.broker.loop.Loops;
import org.jspecify.annotations.Nullable;

/**
 * Whether a client is read from. There may be several reasons not to at the same time; reading goes
 * on when the last of them is gone. Confined to the loop of its connection.
 */
final class Reading {
    /** Who was in line so often goes on in any case: other loops may have been faster each time. */
    private static final int MOST_WAITS = 8;

    private final ClientLink link;
    private final Loop loop;
    private final Loops loops;
    private int reasons;
    private EventLoop.@Nullable Timer pause;
    private long wentOnNanos;
    private long stoppedAtNanos;
    private long stoppedNanos;
    private boolean ended;

    Reading(ClientLink link, Loop loop, Loops loops) {
        this.link = link;
        this.loop = loop;
        this.loops = loops;
        this.wentOnNanos = loops.ticker().nanos();
    }

    boolean isStopped() {
        return reasons > 0;
    }

    /** When a reason was last gone. */
    long wentOnNanos() {
        return wentOnNanos;
    }

    /** For how long nothing was read until the last time that reading went on, in all. */
    long stoppedMillis() {
        return stoppedNanos / 1_000_000;
    }

    /** There is one more reason not to read; {@link #goOn} takes it away. */
    void stop() {
        if (reasons++ == 0) {
            stoppedAtNanos = loops.ticker().nanos();
            link.setReading(false);
        }
    }

    /** There is one reason less. */
    void goOn() {
        wentOnNanos = loops.ticker().nanos();
        if (--reasons == 0) {
            stoppedNanos += wentOnNanos - stoppedAtNanos;
            if (!ended) {
                link.setReading(true);
            }
        }
    }

    /**
     * Stops until the congestion ends.
     *
     * @param inLine whether it goes on after others of its loop, and waits on if they are too much
     *     already
     */
    void hold(Congestion congestion, boolean inLine) {
        if (congestion.hold(inLine ? new InLine(congestion) : this::released)) {
            loop.counters().held++;
            stop();
        }
    }

    private void released() {
        loop.execute(this::goOn);
    }

    /** A reason not to read that is gone when it is its turn in the line of its loop. */
    private final class InLine implements Congestion.Held {
        private final Congestion congestion;
        private int waits;

        InLine(Congestion congestion) {
            this.congestion = congestion;
        }

        @Override
        public void released() {
            loop.execute(() -> loop.letGoOn(this::goOn));
        }

        private void goOn() {
            if (ended || ++waits > MOST_WAITS || !congestion.holdAgain(this)) {
                Reading.this.goOn();
            }
        }
    }

    /** Stops for a while; not again while that lasts. */
    void pause(long millis) {
        if (pause == null) {
            pause = loops.schedule(() -> loop.execute(this::resume), millis);
            stop();
        }
    }

    private void resume() {
        if (pause != null) {
            pause = null;
            goOn();
        }
    }

    /** The connection is over. */
    void end() {
        ended = true;
        if (pause != null) {
            pause.cancel();
            pause = null;
        }
    }
}
