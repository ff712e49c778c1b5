package io.busbar.mqtt.broker.topic;

import io.busbar.mqtt.broker.delivery.Match;
import io.busbar.mqtt.broker.delivery.Subscriber;

/**
 * Where subscribers are among many {@link Members}: a table with open addressing of places plus
 * one. Whose place it is, the members know. Confined to the one who changes them.
 */
final class Places {
    private int[] table;
    private int size;

    /** Those of members; there is room for more. */
    Places(Match[][] members) {
        int count = Members.sizeOf(members);
        table = new int[Integer.highestOneBit(count) * 4];
        for (int place = 0; place < count; place++) {
            put(members, place);
        }
    }

    private static int hash(Match[][] members, int place) {
        return hash(Members.at(members, place).subscriber());
    }

    private static int hash(Subscriber subscriber) {
        int hash = System.identityHashCode(subscriber);
        return hash ^ hash >>> 15;
    }

    /** The place of a subscriber, or -1. */
    int of(Match[][] members, Subscriber subscriber) {
        int mask = table.length - 1;
        for (int i = hash(subscriber) & mask; table[i] != 0; i = i + 1 & mask) {
            int place = table[i] - 1;
            if (Members.at(members, place).subscriber() == subscriber) {
                return place;
            }
        }
        return -1;
    }

    /** Adds the one at a place. */
    void add(Match[][] members, int place) {
        if (size * 4 >= table.length * 3) {
            int[] old = table;
            table = new int[old.length * 2];
            size = 0;
            for (int each : old) {
                if (each != 0) {
                    put(members, each - 1);
                }
            }
        }
        put(members, place);
    }

    private void put(Match[][] members, int place) {
        int mask = table.length - 1;
        int i = hash(members, place) & mask;
        while (table[i] != 0) {
            i = i + 1 & mask;
        }
        table[i] = place + 1;
        size++;
    }

    private int indexOf(Match[][] members, int place) {
        int mask = table.length - 1;
        int i = hash(members, place) & mask;
        while (table[i] != place + 1) {
            i = i + 1 & mask;
        }
        return i;
    }

    /** The one at a place goes to another, whose subscriber was removed. */
    void move(Match[][] members, int from, int to) {
        table[indexOf(members, from)] = to + 1;
    }

    /** Removes the one at a place; those behind it close up, so that they are found. */
    void remove(Match[][] members, int place) {
        int mask = table.length - 1;
        int free = indexOf(members, place);
        for (int i = free + 1 & mask; table[i] != 0; i = i + 1 & mask) {
            int home = hash(members, table[i] - 1) & mask;
            if ((i - home & mask) >= (i - free & mask)) {
                table[free] = table[i];
                free = i;
            }
        }
        table[free] = 0;
        size--;
    }
}
