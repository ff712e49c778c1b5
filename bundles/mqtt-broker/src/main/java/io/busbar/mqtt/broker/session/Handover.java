package io.busbar.mqtt.broker.session;

import io.busbar.api.mqtt.Message;
import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.delivery.Source;
import io.busbar.mqtt.broker.delivery.Subscriber;
import io.busbar.mqtt.broker.loop.Congestion;
import io.busbar.mqtt.broker.loop.Loop;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What an ended session leaves to other members of its Shared Subscriptions. The store may forget
 * the session when they have it durably, not before: or a crash in between would lose messages that
 * were acknowledged to their publishers.
 */
final class Handover implements Source {
    private final Loop from;
    private final Runnable complete;
    // One more than there are messages, until all are given.
    private final AtomicInteger open = new AtomicInteger(1);
    private volatile boolean failed;

    /**
     * Makes one.
     *
     * @param from the loop of the session that leaves the messages
     * @param complete is run once, on any thread, when everything given is durable; never if
     *     something could not be delivered
     */
    Handover(Loop from, Runnable complete) {
        this.from = from;
        this.complete = complete;
    }

    /** Gives a message to another member; on the loop of the session that leaves it. */
    void give(Message message, Match to) {
        Routed routed = new Routed(message, this, 0);
        open.incrementAndGet();
        routed.hold();
        Loop target = to.subscriber().loop();
        if (target == null || target == from) {
            deliver(from, routed, to);
        } else {
            target.execute(() -> deliver(target, routed, to));
        }
    }

    private void deliver(Loop at, Routed routed, Match to) {
        try {
            to.subscriber().deliver(at, routed, to);
        } catch (RuntimeException | LinkageError failure) {
            failed = true;
            at.failed("handing over", failure);
        } finally {
            routed.release();
        }
    }

    /** Everything is given. */
    void end() {
        done();
    }

    @Override
    public @Nullable Subscriber self() {
        return null;
    }

    @Override
    public void hold(Congestion congestion) {
        // It gives what it has and no more.
    }

    @Override
    public boolean waitsForStore() {
        return true;
    }

    @Override
    public void acknowledge(Routed message) {
        if (message.failure() == null) {
            done();
        } else {
            from.onceWritten(this::done); // The store has it, and writes it when it can.
        }
    }

    private void done() {
        if (open.decrementAndGet() == 0 && !failed) {
            complete.run();
        }
    }
}
