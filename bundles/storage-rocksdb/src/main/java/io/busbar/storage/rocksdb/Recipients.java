package io.busbar.storage.rocksdb;

import io.busbar.api.storage.Delivery;
import java.util.Arrays;

/** Whom a message is queued for. Kept and reused. Not thread-safe. */
final class Recipients {
    private static final int FEW = 8;

    /** Session and sequence number in turn. */
    private long[] places = new long[2 * FEW];

    private Delivery[] deliveries = new Delivery[FEW];
    private int[] packetIds = new int[FEW];
    private int count;

    void add(long session, long sequence, Delivery delivery, int packetId) {
        if (count == packetIds.length) {
            places = Arrays.copyOf(places, 4 * count);
            deliveries = Arrays.copyOf(deliveries, 2 * count);
            packetIds = Arrays.copyOf(packetIds, 2 * count);
        }
        places[2 * count] = session;
        places[2 * count + 1] = sequence;
        deliveries[count] = delivery;
        packetIds[count] = packetId;
        count++;
    }

    int count() {
        return count;
    }

    /** Session and sequence number of each in turn. The array is shared. */
    long[] places() {
        return places;
    }

    Delivery delivery(int at) {
        return deliveries[at];
    }

    int packetId(int at) {
        return packetIds[at];
    }

    void clear() {
        count = 0;
    }
}
