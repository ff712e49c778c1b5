package io.busbar.mqtt.broker.loop;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A subscriber that takes messages more slowly than they arrive, and the publishers that have to
 * wait for it. It begins and ends on the event loop that owns the subscriber; publishers of any
 * loop may wait. Publishers wait only for a limited time. After that they go on, and the subscriber
 * loses messages until it has recovered.
 */
public final class Congestion {
    private final Queue<Held> waiting = new ConcurrentLinkedQueue<>();

    /** Those that were released and had to wait again before it was their turn. */
    private final Queue<Held> waitingAgain = new ConcurrentLinkedQueue<>();

    private volatile boolean holding;
    private boolean begun;
    private boolean watched;
    private long begunNanos;

    /** A publisher that waits. */
    public interface Held {
        /** It may go on; called once per successful {@link #hold}, on any thread. */
        void released();
    }

    /** Whether publishers should wait now. */
    public boolean isHolding() {
        return holding;
    }

    /** Lets a publisher wait; false if there is nothing to wait for any more. */
    public boolean hold(Held publisher) {
        return hold(publisher, waiting);
    }

    /** The same for one that was released and has not gone on yet: it comes before all others. */
    public boolean holdAgain(Held publisher) {
        return hold(publisher, waitingAgain);
    }

    private boolean hold(Held publisher, Queue<Held> line) {
        if (!holding) {
            return false;
        }
        line.add(publisher);
        // Ended in between and not seen: then it is still in the queue and goes on by itself.
        return holding || !line.remove(publisher);
    }

    /** It cannot take more, and surely will again: nobody has to give it up. */
    public void begin() {
        begun = true;
        holding = true;
    }

    /** It cannot take more. Returns whether its loop has to watch it from now on. */
    boolean begin(long nowNanos) {
        if (!begun) {
            begun = true;
            begunNanos = nowNanos;
            holding = true;
        }
        boolean watch = !watched;
        watched = true;
        return watch;
    }

    /** Whether it has begun and not ended. */
    public boolean isBegun() {
        return begun;
    }

    /**
     * Stops holding what has not recovered for too long; it stays begun, so that it does not hold
     * again before it recovers. False if it need not be watched any more.
     */
    boolean giveUp(long nowNanos, long holdNanos) {
        if (holding && nowNanos - begunNanos > holdNanos) {
            release();
        }
        watched = begun;
        return begun;
    }

    /** It takes messages again, or is gone. */
    public void end() {
        if (begun) {
            begun = false;
            release();
        }
    }

    private void release() {
        holding = false;
        release(waitingAgain);
        release(waiting);
    }

    private static void release(Queue<Held> line) {
        for (Held publisher; (publisher = line.poll()) != null; ) {
            publisher.released();
        }
    }
}
