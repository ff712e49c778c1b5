package io.busbar.mqtt.broker.session;

import io.busbar.api.mqtt.Qos;
import io.busbar.mqtt.broker.delivery.Routed;
import io.busbar.mqtt.broker.memory.Footprint;
import org.jspecify.annotations.Nullable;

/**
 * A message of QoS 1 or 2 that a session is owed, from when it was routed to when the client has
 * acknowledged it.
 */
final class Owed {
    final Routed routed;
    final Qos qos;
    final boolean retain;
    final int[] identifiers;
    final @Nullable String share;
    final long sequence;

    private final int portion;

    /** What it counts for in the store; 0 if it is not there. */
    final int storedBytes;

    /** 0 until it is sent. */
    int packetId;

    /** When PUBREC came, counted by the session: PUBREL is what is owed now. 0 until then. */
    long released;

    /** Whether more was written about it to the store after it was queued. */
    boolean tracked;

    /** The connection on which it was sent, counted by the session; 0 until then. */
    int sentOn;

    /** Whether PUBREL is what is owed. */
    boolean isReleased() {
        return released != 0;
    }

    @Nullable Owed previous;
    @Nullable Owed next;

    Owed(
            Routed routed,
            Qos qos,
            boolean retain,
            int[] identifiers,
            @Nullable String share,
            long sequence,
            boolean stored) {
        this.routed = routed;
        this.qos = qos;
        this.retain = retain;
        this.identifiers = identifiers;
        this.share = share;
        this.sequence = sequence;
        this.storedBytes = stored ? routed.message().sizeBytes() : 0;
        this.portion = Footprint.OWED + routed.footprint() / Math.max(1, routed.keepers());
    }

    /** The part of it that its identity answers for: what others are owed as well is shared. */
    int portion() {
        return portion;
    }

    /** Bytes that it takes, the message included, which others may be owed as well. */
    int bytes() {
        return routed.footprint() + Footprint.OWED;
    }
}
