package io.busbar.mqtt.broker.session;

import org.jspecify.annotations.Nullable;

/**
 * What a session is owed, in order: first what was sent and is not acknowledged, then what waits.
 * Packet Identifiers are taken in turn from 1 to 65,535, leaving out those in use [MQTT5-2.2.1-4].
 * Confined to the session's loop.
 */
final class OwedMessages {
    private static final int SMALL = 16;

    private @Nullable Owed first;
    private @Nullable Owed last;

    /** The first that has not been sent on this connection. */
    private @Nullable Owed unsent;

    // Those with a Packet Identifier, at identifier & mask: identifiers in use never share a place.
    private @Nullable Owed[] byId = new Owed[SMALL];
    private int identified;

    /** Packet Identifiers are 1 to 65,535 [MQTT5-2.2.1-4]. */
    private static final int MOST_IDENTIFIERS = 65_535;

    private int lastId;
    private volatile int count;
    private int unsentCount;
    private volatile long bytes;
    private volatile long storedBytes;
    private long unsentStoredBytes;
    private long portion;

    /** All that is owed. */
    int count() {
        return count;
    }

    /** Those that were not sent on this connection. */
    int unsentCount() {
        return unsentCount;
    }

    /** Bytes that all that is owed takes: {@link Owed#bytes}. */
    long bytes() {
        return bytes;
    }

    /** What all that is owed counts for in the store: {@link Owed#storedBytes}. */
    long storedBytes() {
        return storedBytes;
    }

    /** The part of it that was not sent on this connection. */
    long unsentStoredBytes() {
        return unsentStoredBytes;
    }

    /** The part of it that its identity answers for: {@link Owed#portion}. */
    long portion() {
        return portion;
    }

    @Nullable Owed first() {
        return first;
    }

    @Nullable Owed unsent() {
        return unsent;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void add(Owed owed) {
        owed.previous = last;
        if (last == null) {
            first = owed;
        } else {
            last.next = owed;
        }
        last = owed;
        if (unsent == null) {
            unsent = owed;
        }
        unsentCount++;
        count++;
        bytes += owed.bytes();
        if (owed.storedBytes != 0) {
            storedBytes += owed.storedBytes;
            unsentStoredBytes += owed.storedBytes;
        }
        portion += owed.portion();
        if (owed.packetId != 0) {
            place(owed);
            lastId = Math.max(lastId, owed.packetId);
        }
    }

    /** The first unsent one is sent now. */
    void sent() {
        Owed owed = unsent;
        if (owed != null) {
            unsent = owed.next;
            unsentCount--;
            unsentStoredBytes -= owed.storedBytes;
        }
    }

    /** Whether it was sent on this connection. */
    private boolean isSent(Owed owed) {
        return unsent == null || owed.sequence < unsent.sequence;
    }

    /** A new connection: all have to be sent again. */
    void rewind() {
        unsent = first;
        unsentCount = count;
        unsentStoredBytes = storedBytes;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void remove(Owed owed) {
        boolean wasSent = isSent(owed);
        if (owed.previous == null) {
            first = owed.next;
        } else {
            owed.previous.next = owed.next;
        }
        if (owed.next == null) {
            last = owed.previous;
        } else {
            owed.next.previous = owed.previous;
        }
        if (unsent == owed) {
            unsent = owed.next;
        }
        if (!wasSent) {
            unsentCount--;
            unsentStoredBytes -= owed.storedBytes;
        }
        count--;
        bytes -= owed.bytes();
        if (owed.storedBytes != 0) {
            storedBytes -= owed.storedBytes;
        }
        portion -= owed.portion();
        if (owed.packetId != 0) {
            byId[owed.packetId & byId.length - 1] = null;
            identified--;
            if (identified == 0 && byId.length > SMALL) {
                byId = new Owed[SMALL];
            }
        }
        owed.previous = null;
        owed.next = null;
    }

    @Nullable Owed byId(int packetId) {
        Owed owed = byId[packetId & byId.length - 1];
        return owed != null && owed.packetId == packetId ? owed : null;
    }

    /** Whether an identifier is free. */
    boolean hasIdentifier() {
        return identified < MOST_IDENTIFIERS;
    }

    /** Gives it the next free identifier; there must be one. */
    void identify(Owed owed) {
        if (identified * 2 >= byId.length && byId.length < 65_536) {
            grow();
        }
        int id = lastId;
        do {
            id = id == MOST_IDENTIFIERS ? 1 : id + 1;
        } while (byId[id & byId.length - 1] != null);
        lastId = id;
        owed.packetId = id;
        place(owed);
    }

    private void place(Owed owed) {
        while (byId[owed.packetId & byId.length - 1] != null && byId.length < 65_536) {
            grow();
        }
        byId[owed.packetId & byId.length - 1] = owed;
        identified++;
    }

    private void grow() {
        Owed[] old = byId;
        Owed[] more = new Owed[old.length * 2];
        for (Owed owed : old) {
            if (owed != null) {
                more[owed.packetId & more.length - 1] = owed;
            }
        }
        byId = more;
    }
}
