package io.busbar.mqtt.broker.loop;

import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What publishers wait for while the store does not keep up. Those who publish much wait at once.
 * Those who publish little go on for a while: to hold them helps nobody, and would let anybody who
 * floods the store delay all others. Thread-safe.
 */
public final class StoreCongestion {
    /** What a message takes beside its bytes until it is written, about. */
    private static final int MESSAGE_BYTES = 512;

    private final Congestion publishers = new Congestion();

    /** Bytes that those who publish little may still send, all together. */
    private final AtomicLong allowance = new AtomicLong();

    /** Why publishers are held. Guarded by this. */
    private final EnumSet<Reason> reasons = EnumSet.noneOf(Reason.class);

    /** Why publishers wait. */
    enum Reason {
        /** The store takes no more for now. */
        STORE,
        /** Too many changes of Retained Messages are not written. */
        RETAINED,
        /** Too much is in memory until it is written. */
        MEMORY
    }

    StoreCongestion() {}

    /** The publishers that wait. */
    public Congestion publishers() {
        return publishers;
    }

    /**
     * Whether a publisher should wait now that it has sent a message.
     *
     * @param publishesMuch whether it is one of those who cause it
     * @param size its bytes, with its topic and properties
     */
    public boolean holds(boolean publishesMuch, int size) {
        return publishers.isHolding()
                && (publishesMuch || allowance.addAndGet(-size - MESSAGE_BYTES) < 0);
    }

    /**
     * There is one more reason to wait.
     *
     * @param allowedBytes what those who publish little may still send, all together
     * @return false if there was this one already
     */
    synchronized boolean begin(Reason reason, long allowedBytes) {
        if (!reasons.add(reason)) {
            return false;
        }
        boolean already = publishers.isBegun();
        allowance.set(already ? Math.min(allowance.get(), allowedBytes) : allowedBytes);
        publishers.begin();
        return true;
    }

    /** A reason is gone; they go on when all are. */
    synchronized void end(Reason reason) {
        if (reasons.remove(reason) && reasons.isEmpty()) {
            publishers.end();
        }
    }
}
