package io.busbar.uns.registry.tree;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds values by a key that they hold themselves: a hash table with open addressing, which needs
 * no object for each entry. There are three of it over all nodes, so this is a tenth of their
 * memory. Not thread-safe.
 *
 * @param <K> the key, with equals and hashCode
 * @param <V> the value; its key does not change while it is in the table
 */
final class NodeIndex<K, V> {
    private final Function<V, K> keyOf;
    private @Nullable Object[] table = new Object[16];
    private int size;

    NodeIndex(Function<V, K> keyOf) {
        this.keyOf = keyOf;
    }

    int size() {
        return size;
    }

    /** The value of a key, or null. */
    @Nullable V get(K key) {
        return value(placeOf(key));
    }

    /** Adds a value, or puts it in the place of the one that has its key. */
    void put(V value) {
        if (2 * (size + 1) > table.length) {
            grow();
        }
        int place = placeOf(keyOf.apply(value));
        if (table[place] == null) {
            size++;
        }
        table[place] = value;
    }

    /** Takes the value of a key out, if there is one. */
    void remove(K key) {
        int free = placeOf(key);
        if (table[free] == null) {
            return;
        }
        size--;
        // What follows without a gap moves up, unless it would come before its own place.
        int mask = table.length - 1;
        for (int i = free + 1 & mask; ; i = i + 1 & mask) {
            V next = value(i);
            if (next == null) {
                table[free] = null;
                return;
            }
            int wanted = first(keyOf.apply(next));
            if ((i - wanted & mask) >= (i - free & mask)) {
                table[free] = next;
                free = i;
            }
        }
    }

    /** Where a key is, or the free place where it would be. */
    private int placeOf(K key) {
        int mask = table.length - 1;
        for (int i = first(key); ; i = i + 1 & mask) {
            V there = value(i);
            if (there == null || keyOf.apply(there).equals(key)) {
                return i;
            }
        }
    }

    private int first(K key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return hash >>> Integer.numberOfLeadingZeros(table.length - 1);
    }

    @SuppressWarnings("unchecked") // Only values are put into the table.
    private @Nullable V value(int place) {
        return (V) table[place];
    }

    private void grow() {
        @Nullable Object[] old = table;
        table = new Object[2 * old.length];
        for (int i = 0; i < old.length; i++) {
            @SuppressWarnings("unchecked") // As above.
            V value = (V) old[i];
            if (value != null) {
                table[placeOf(keyOf.apply(value))] = value;
            }
        }
    }
}
