package io.busbar.mqtt.broker.connection;

import io.busbar.mqtt.broker.loop.Background;
import io.busbar.mqtt.broker.loop.Loop;

/**
 * How much of its loop one connection uses with what one read brought. If the packets cause more
 * work than {@value #READ} steps, such as many messages to many subscribers, the client is not read
 * further before others had their turn. So each turn of the loop serves one such client, in turn
 * with the others. Confined to the loop.
 */
final class Pace implements Background.Work {
    /** Steps of work that the packets of one read may cause. */
    static final int READ = 16_384;

    /** A packet without consequences, such as PINGREQ. */
    private static final int PACKET = 1;

    private final Loop loop;
    private final Reading reading;
    private long steps;

    Pace(Loop loop, Reading reading) {
        this.loop = loop;
        this.reading = reading;
    }

    /**
     * A packet was handled.
     *
     * @param before what the loop had {@linkplain Loop#spent() spent} before it
     */
    void packetHandled(long before) {
        steps += PACKET + loop.spent() - before;
        if (steps >= READ) {
            steps = 0;
            reading.stop();
            loop.background().later(this);
        }
    }

    /** All packets of a read were handled. */
    void readComplete() {
        steps = 0;
    }

    /** Others had their turn: one read's worth of packets follows, so the turn is used up. */
    @Override
    public boolean goOn(Background.Allowance allowance) {
        allowance.spend(Background.TURN);
        reading.goOn();
        return false;
    }
}
