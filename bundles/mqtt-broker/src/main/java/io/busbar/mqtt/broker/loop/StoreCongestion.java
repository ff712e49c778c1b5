package io.busbar.mqtt.broker.loop;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What publishers wait for while the store does not keep up. Those who publish much wait at once.
 * Those who publish little go on for a while: to hold them helps nobody, and would let anybody who
 * floods the store delay all others. Thread-safe.
 */
public final class StoreCongestion {
    /** What a message takes beside its payload until it is written, about. */
    private static final int MESSAGE_BYTES = 512;

    private final Congestion publishers = new Congestion();

    /** Bytes that those who publish little may still send, all together. */
    private final AtomicLong allowance = new AtomicLong();

    /** Why publishers are held. Guarded by this. */
    private boolean behind;

    private boolean full;

    StoreCongestion() {}

    /** The publishers that wait. */
    public Congestion publishers() {
        return publishers;
    }

    /**
     * Whether a publisher should wait now that it has sent a message.
     *
     * @param publishesMuch whether it is one of those who cause it
     * @param payloadBytes of the message
     */
    public boolean holds(boolean publishesMuch, int payloadBytes) {
        return publishers.isHolding()
                && (publishesMuch || allowance.addAndGet(-payloadBytes - MESSAGE_BYTES) < 0);
    }

    /**
     * An owner of a shard takes no more batches for now.
     *
     * @return false if that was so already
     */
    synchronized boolean fallBehind(long allowedBytes) {
        if (behind) {
            return false;
        }
        behind = true;
        begin(allowedBytes);
        return true;
    }

    synchronized void catchUp() {
        behind = false;
        endIfFree();
    }

    /** Too much waits in memory to be written. */
    synchronized void fill(long allowedBytes) {
        full = true;
        begin(allowedBytes);
    }

    synchronized void drain() {
        full = false;
        endIfFree();
    }

    private void begin(long allowedBytes) {
        boolean already = publishers.isBegun();
        allowance.set(already ? Math.min(allowance.get(), allowedBytes) : allowedBytes);
        publishers.begin();
    }

    private void endIfFree() {
        if (!behind && !full) {
            publishers.end();
        }
    }
}
