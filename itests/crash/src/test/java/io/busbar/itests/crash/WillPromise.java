package io.busbar.itests.crash;

import io.busbar.itests.crash.Fault.Kind;
import java.util.List;
import java.util.Optional;

/**
 * One Will Message and what became of its connection. Times are those of {@link System#nanoTime};
 * {@link Publication#NEVER} if it did not happen. Written by its client's thread.
 */
final class WillPromise {
    /** How late it may be published on a busy machine. */
    static final long LATE_NANOS = 2_000_000_000;

    /** How early: the server counts milliseconds. */
    static final long EARLY_NANOS = 20_000_000;

    /** How long the server may take to store that a connection ended. */
    static final long STORED_NANOS = 1_000_000_000;

    /** The same of a goodbye, which nobody waits for. */
    private static final long GOODBYE_NANOS = 5_000_000_000L;

    private final Publication.Id id;
    private final String topic;
    private final long delayNanos;
    private final long askedAt;
    private volatile boolean accepted;
    private volatile boolean withdrawn;
    private volatile long closedAt = Publication.NEVER;
    private volatile long returnAskedAt = Publication.NEVER;
    private volatile long returnedAt = Publication.NEVER;

    /**
     * @param askedAt before CONNECT was written
     */
    WillPromise(Publication.Id id, String topic, long delayNanos, long askedAt) {
        this.id = id;
        this.topic = topic;
        this.delayNanos = delayNanos;
        this.askedAt = askedAt;
    }

    Publication.Id id() {
        return id;
    }

    /** CONNACK was read. */
    void accepted() {
        accepted = true;
    }

    /** DISCONNECT was written. */
    void withdrawn() {
        withdrawn = true;
    }

    /** The connection ends from this time on. */
    void closed(long now) {
        if (closedAt == Publication.NEVER) {
            closedAt = now;
        }
    }

    /** The client connects again; the first time counts. */
    void returning(long now) {
        if (returnAskedAt == Publication.NEVER) {
            returnAskedAt = now;
        }
    }

    /** The client has its session again. */
    void returned(long now) {
        returnedAt = now;
    }

    /**
     * @param receipts all of this message so far
     */
    Optional<Fault> judge(List<Receipt> receipts, Uptime uptime, long now) {
        for (int i = 1; i < receipts.size(); i++) {
            if (!mayComeAgain(receipts.get(i - 1), receipts.get(i), uptime)) {
                return fault("once at most", receipts.toString());
            }
        }
        long closed = accepted ? closedAt : askedAt;
        if (!receipts.isEmpty()) {
            long at = receipts.get(0).at();
            if (closed == Publication.NEVER || at < closed + delayNanos - EARLY_NANOS) {
                return fault("nothing before its delay has passed", shown(closed, at));
            }
            if (returnedAt < closed + delayNanos) {
                return fault("nothing: the client came back in time", shown(closed, at));
            }
            if (withdrawn && uptime.noticed(closed, GOODBYE_NANOS) == closed) {
                return fault("nothing: the client had said goodbye", shown(closed, at));
            }
            return Optional.empty();
        }
        if (!accepted || withdrawn || closed == Publication.NEVER) {
            return Optional.empty();
        }
        long noticed = uptime.noticed(closed, STORED_NANOS);
        if (noticed != Publication.NEVER
                && uptime.livedSince(
                        noticed + delayNanos, LATE_NANOS, Math.min(now, returnAskedAt))) {
            return fault("published once its delay had passed", "nothing; closed at " + closed);
        }
        return Optional.empty();
    }

    /**
     * The server forgets a will once everybody has it. If it is killed in between, it sends the
     * will again after its next start.
     */
    private static boolean mayComeAgain(Receipt first, Receipt again, Uptime uptime) {
        // With DUP it was sent in an earlier life for the first time.
        return first.dup()
                || first.life() != again.life() && uptime.endedWithin(first.at(), STORED_NANOS);
    }

    private String shown(long closed, long at) {
        return "published "
                + (at - closed) / 1_000_000
                + " ms after the connection ended (closed "
                + closed
                + ", returned "
                + returnedAt
                + ")";
    }

    private Optional<Fault> fault(String expected, String seen) {
        return Optional.of(
                new Fault(
                        Kind.WILL,
                        id.publisher(),
                        topic,
                        id + " with a delay of " + delayNanos / 1_000_000 + " ms: " + expected,
                        seen));
    }
}
