package io.busbar.mqtt.broker.connection;

import io.busbar.mqtt.broker.loop.Background;
import io.busbar.mqtt.broker.loop.Loop;

/**
 * How much of its loop one connection uses with what one read brought. If the packets cause more
 * work than {@value #READ} steps, such as many messages to many subscribers, the client is not read
 * further before others had their turn; nor if they cause more than {@value #FAIR} and all clients
 * together have used up the turn. Each turn of the loop serves a few such clients, in turn with the
 * others. Confined to the loop.
 */
final class Pace implements Background.Work {
    /** Steps of work that the packets of one read may cause. */
    static final int READ = 8_192;

    /** And so many if others have brought much in the same turn. */
    static final int FAIR = 128;

    /** A packet without consequences, such as PINGREQ. */
    private static final int PACKET = 1;

    private final Loop loop;
    private final Connection connection;
    private final Reading reading;
    private long steps;

    Pace(Connection connection) {
        this.loop = connection.loop();
        this.connection = connection;
        this.reading = connection.reading();
    }

    @Override
    public Object identity() {
        return connection.identity();
    }

    /**
     * A packet was handled.
     *
     * @param before what the loop had {@linkplain Loop#spent() spent} before it
     */
    void packetHandled(long before) {
        steps += PACKET + loop.spent() - before;
        if (steps >= READ || steps >= FAIR && !loop.hasTime(FAIR)) {
            steps = 0;
            reading.stop();
            loop.background().later(this);
        }
    }

    /** All packets of a read were handled. */
    void readComplete() {
        steps = 0;
    }

    /** Others had their turn: what was read and not handled follows in this one. */
    @Override
    public boolean goOn(Background.Allowance allowance) {
        allowance.spend(Background.PORTION);
        reading.goOn();
        return false;
    }
}
