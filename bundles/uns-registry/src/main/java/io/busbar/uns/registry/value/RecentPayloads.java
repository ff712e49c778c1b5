package io.busbar.uns.registry.value;

import io.busbar.uns.registry.footprint.Footprint;
import java.util.ArrayList;
import java.util.List;

/**
 * The payloads of a topic before its last one: a bounded number of short ones, from which models
 * are proposed. Not thread-safe: guarded by its {@link TopicState}.
 */
final class RecentPayloads {
    /** Longer payloads are not kept: some of them would take as much as hundreds of topics. */
    static final int LONGEST = 2048;

    private static final int STRUCTURE = 24 + Footprint.ARRAY;

    private final byte[][] ring;
    private int next;

    RecentPayloads(int most) {
        ring = new byte[most][];
    }

    void add(byte[] payload) {
        ring[next] = payload;
        next = (next + 1) % ring.length;
    }

    /** Puts them into a list, the oldest first. */
    void addTo(List<byte[]> list) {
        List<byte[]> kept = new ArrayList<>(ring.length);
        for (int i = 0; i < ring.length; i++) {
            byte[] payload = ring[(next + i) % ring.length];
            if (payload != null) {
                kept.add(payload);
            }
        }
        list.addAll(kept);
    }

    /** How many there are. */
    int count() {
        int count = 0;
        for (byte[] payload : ring) {
            count += payload == null ? 0 : 1;
        }
        return count;
    }

    /** The bytes of the heap that they take. */
    long footprint() {
        long bytes = STRUCTURE + (long) ring.length * Footprint.REFERENCE;
        for (byte[] payload : ring) {
            bytes += Footprint.of(payload);
        }
        return bytes;
    }
}
