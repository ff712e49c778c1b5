package io.busbar.mqtt.broker.session;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a session that is there while its client is connected, or about to be: its
 * connection, the messages to it and the identifiers of messages from it. Confined to the session's
 * loop, except for {@link #attached}.
 */
final class Presence {
    /** So many bytes for identifiers are not worth an effort. */
    private static final int SMALL_INBOUND = 256;

    /** The connection, or null. */
    volatile @Nullable Attached attached;

    /** The messages to the client. */
    final Outbound outbound;

    /** Bytes that are counted for the connection. */
    long held;

    private BitSet inbound = new BitSet();

    // Those that the store does not have yet; null before there are any.
    private @Nullable BitSet unstored;

    // While the session has just moved: what came directly waits until all has arrived that went by
    // the old loop.
    private @Nullable List<Runnable> fenced;

    Presence(Outbound outbound) {
        this.outbound = outbound;
    }

    /** Whether there is nothing in it that would be lost with it. */
    boolean isEmpty() {
        return outbound.isEmpty() && inbound.isEmpty();
    }

    // ---- messages from the client

    boolean isInbound(int packetId) {
        return inbound.get(packetId);
    }

    void inbound(int packetId) {
        inbound.set(packetId);
    }

    /** It is not in the store before {@link #storeInbound} says so. */
    void takeInbound(int packetId) {
        inbound.set(packetId);
        BitSet known = unstored;
        if (known == null) {
            known = new BitSet();
            unstored = known;
        }
        known.set(packetId);
    }

    /** Whether it is to be written to the store, which is said once. */
    boolean storeInbound(int packetId) {
        BitSet known = unstored;
        if (known == null || !known.get(packetId)) {
            return false;
        }
        known.clear(packetId);
        return true;
    }

    /** All that are not in the store yet, or null. */
    @Nullable BitSet unstoredInbound() {
        BitSet known = unstored;
        return known == null || known.isEmpty() ? null : known;
    }

    void releaseInbound(int packetId) {
        inbound.clear(packetId);
        if (unstored != null) {
            unstored.clear(packetId);
        }
        if (inbound.isEmpty() && sizeOfInbound() > SMALL_INBOUND) {
            inbound = new BitSet();
        }
    }

    /** Identifiers take a bit each, here and in a store that keeps them in memory. */
    long sizeOfInbound() {
        return inbound.size() / 4;
    }

    // ---- moving

    void fence() {
        fenced = new ArrayList<>();
    }

    /** Where deliveries wait; null if they do not. */
    @Nullable List<Runnable> fenced() {
        return fenced;
    }

    void unfence() {
        List<Runnable> held = fenced;
        fenced = null;
        if (held != null) {
            held.forEach(Runnable::run);
        }
    }
}
