package io.busbar.mqtt.broker.retained;

import java.util.Arrays;

/**
 * A part of the index: what is known of the Retained Messages of some topics without their names,
 * by a hash that nobody can foresee. Open addressing in arrays, so that a million of them are no
 * million objects. Two topics with the same hash would be taken for one; with a million topics that
 * happens once in 30 million servers. Not thread-safe.
 */
final class TopicTable {
    /** Bytes of the heap for one entry, with the places that are free: rounded up. */
    static final int ENTRY_BYTES = 56;

    /** No entry. */
    static final int NONE = -1;

    private static final int LEAST = 16;
    private static final int BYTES_OF_PLACE = 8 + 8 + 4 + 4 + 4;

    /** 0 is a free place: a hash of 0 is kept as 1. */
    private long[] hashes = new long[LEAST];

    private long[] versions = new long[LEAST];
    private int[] sizes = new int[LEAST];
    private int[] expiries = new int[LEAST];
    private int[] owners = new int[LEAST];
    private int count;
    private int expiring;

    /** No expiry is before this one; unsigned. */
    private int earliest = -1;

    int size() {
        return count;
    }

    /** Bytes of its arrays. */
    long heapBytes() {
        return (long) hashes.length * BYTES_OF_PLACE;
    }

    private static long code(long hash) {
        return hash == 0 ? 1 : hash;
    }

    /** Places in the order of their codes, which keeps them in order when the table grows. */
    private static int home(long code, int places) {
        return (int) ((code >>> 32) * places >>> 32);
    }

    private static int after(int place, int places) {
        return place + 1 == places ? 0 : place + 1;
    }

    /** The place of an entry until the next change, or {@link #NONE}. */
    int find(long hash) {
        long code = code(hash);
        int places = hashes.length;
        for (int at = home(code, places); hashes[at] != 0; at = after(at, places)) {
            if (hashes[at] == code) {
                return at;
            }
        }
        return NONE;
    }

    /** The number of the change that made the entry. */
    long version(int place) {
        return versions[place];
    }

    /** Bytes of the payload. */
    int size(int place) {
        return sizes[place];
    }

    /** The second since the epoch in which it has expired, unsigned; 0 if it does not expire. */
    int expiry(int place) {
        return expiries[place];
    }

    /** The number of its owner. */
    int owner(int place) {
        return owners[place];
    }

    /** Creates or replaces an entry. */
    void put(long hash, long version, int size, int expiry, int owner) {
        int at = find(hash);
        if (at == NONE) {
            if ((count + 1) * 5L > hashes.length * 4L) {
                grow();
            }
            at = free(code(hash));
            hashes[at] = code(hash);
            count++;
        } else if (expiries[at] != 0) {
            expiring--;
        }
        versions[at] = version;
        sizes[at] = size;
        expiries[at] = expiry;
        owners[at] = owner;
        if (expiry != 0) {
            expiring++;
            if (Integer.compareUnsigned(expiry, earliest) < 0) {
                earliest = expiry;
            }
        }
    }

    private int free(long code) {
        int places = hashes.length;
        int at = home(code, places);
        while (hashes[at] != 0) {
            at = after(at, places);
        }
        return at;
    }

    private void grow() {
        long[] oldHashes = hashes;
        long[] oldVersions = versions;
        int[] oldSizes = sizes;
        int[] oldExpiries = expiries;
        int[] oldOwners = owners;
        int places = oldHashes.length + (oldHashes.length >> 1);
        hashes = new long[places];
        versions = new long[places];
        sizes = new int[places];
        expiries = new int[places];
        owners = new int[places];
        for (int i = 0; i < oldHashes.length; i++) {
            if (oldHashes[i] != 0) {
                int at = free(oldHashes[i]);
                hashes[at] = oldHashes[i];
                versions[at] = oldVersions[i];
                sizes[at] = oldSizes[i];
                expiries[at] = oldExpiries[i];
                owners[at] = oldOwners[i];
            }
        }
    }

    /** Removes the entry of a place; those behind it that may come nearer to their home do. */
    void remove(int place) {
        if (expiries[place] != 0) {
            expiring--;
        }
        count--;
        int places = hashes.length;
        int gap = place;
        for (int at = after(gap, places); hashes[at] != 0; at = after(at, places)) {
            int home = home(hashes[at], places);
            boolean stays = gap <= at ? gap < home && home <= at : gap < home || home <= at;
            if (!stays) {
                hashes[gap] = hashes[at];
                versions[gap] = versions[at];
                sizes[gap] = sizes[at];
                expiries[gap] = expiries[at];
                owners[gap] = owners[at];
                gap = at;
            }
        }
        hashes[gap] = 0;
    }

    /** Whether something may have expired by a second since the epoch. */
    boolean mayHaveExpired(int second) {
        return expiring > 0 && Integer.compareUnsigned(earliest, second) <= 0;
    }

    /**
     * Hashes of entries that have expired.
     *
     * @param most how many are wanted at a time; if there may be more, it has to be asked again
     */
    long[] expired(int second, int most) {
        long[] found = new long[most];
        int n = 0;
        int next = -1;
        for (int i = 0; i < hashes.length && n < most; i++) {
            int expiry = expiries[i];
            if (hashes[i] == 0 || expiry == 0) {
                continue;
            }
            if (Integer.compareUnsigned(expiry, second) <= 0) {
                found[n++] = hashes[i];
            } else if (Integer.compareUnsigned(expiry, next) < 0) {
                next = expiry;
            }
        }
        if (n < most) {
            earliest = next;
        }
        return Arrays.copyOf(found, n);
    }
}
