package io.busbar.mqtt.broker.topic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * The children of a {@link FilterNode} that has several, by name: a table with open addressing,
 * without an object for each entry. Clients cannot choose names that collide, because names are
 * hashed with a secret of the process. Written under the tree's lock; any thread reads without one.
 */
final class Children {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(FilterNode[].class);
    private static final int SMALLEST = 4;

    /** In the place of one that was removed, so that those behind it are found. */
    private static final FilterNode REMOVED = new FilterNode("", 0, 0);

    private static final long SEED;
    private static final long FACTOR;

    static {
        SecureRandom random = new SecureRandom();
        SEED = random.nextLong();
        FACTOR = random.nextLong() | 1;
    }

    /** Never full; its length is a power of two. */
    private volatile @Nullable FilterNode[] table = new FilterNode[SMALLEST];

    private int size;
    private int removed;

    Children(FilterNode one, FilterNode other) {
        add(one);
        add(other);
    }

    /** The hash of a part of a text. */
    static int hash(String text, int from, int to) {
        long hash = SEED;
        for (int i = from; i < to; i++) {
            hash = (hash ^ text.charAt(i)) * FACTOR;
            hash ^= hash >>> 32;
        }
        return (int) (hash ^ hash >>> 15);
    }

    /** The one with this part of a text as its name, or null. */
    @Nullable FilterNode get(String name, int from, int to) {
        @Nullable FilterNode[] all = table;
        int mask = all.length - 1;
        for (int i = hash(name, from, to) & mask; ; i = i + 1 & mask) {
            FilterNode node = (FilterNode) SLOT.getAcquire(all, i);
            if (node == null) {
                return null;
            }
            if (node != REMOVED && node.isNamed(name, from, to)) {
                return node;
            }
        }
    }

    /** Adds one with a name that none has. */
    void add(FilterNode child) {
        // At most three quarters are used.
        if ((size + removed + 1) * 4 > table.length * 3) {
            rebuild();
        }
        place(table, child);
        size++;
    }

    private static void place(@Nullable FilterNode[] all, FilterNode child) {
        int mask = all.length - 1;
        int i = child.hash() & mask;
        while (all[i] != null) {
            i = i + 1 & mask;
        }
        SLOT.setRelease(all, i, child);
    }

    void remove(FilterNode child) {
        @Nullable FilterNode[] all = table;
        int mask = all.length - 1;
        int i = child.hash() & mask;
        while (all[i] != child) {
            i = i + 1 & mask;
        }
        SLOT.setRelease(all, i, REMOVED);
        size--;
        removed++;
        if (size * 8 < all.length && all.length > SMALLEST) {
            rebuild();
        }
    }

    /** A table of the right size without those that were removed. */
    private void rebuild() {
        int length = SMALLEST;
        while ((size + 1) * 3 > length * 2) {
            length *= 2;
        }
        @Nullable FilterNode[] more = new FilterNode[length];
        for (FilterNode node : table) {
            if (node != null && node != REMOVED) {
                place(more, node);
            }
        }
        removed = 0;
        table = more;
    }

    /** The only one that is left, or null if there are several. */
    @Nullable FilterNode only() {
        if (size == 1) {
            for (FilterNode node : table) {
                if (node != null && node != REMOVED) {
                    return node;
                }
            }
        }
        return null;
    }
}
