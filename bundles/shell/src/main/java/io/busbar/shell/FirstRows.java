package io.busbar.shell;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Keeps the first of many rows that come by in no order, such as all sessions, so that a command
 * holds what it shows and never all. Confined to one thread.
 *
 * @param <T> the rows
 */
final class FirstRows<T> {
    private final Comparator<? super T> order;
    private final int limit;

    /** The last on top. */
    private final PriorityQueue<T> first;

    private int total;

    FirstRows(int limit, Comparator<? super T> order) {
        this.limit = Math.max(0, limit);
        this.order = order;
        this.first = new PriorityQueue<>(order.reversed());
    }

    void add(T row) {
        total++;
        if (first.size() < limit) {
            first.add(row);
        } else if (limit > 0 && order.compare(row, first.element()) < 0) {
            first.remove();
            first.add(row);
        }
    }

    /** The first rows in their order. */
    List<T> rows() {
        List<T> rows = new ArrayList<>(first);
        rows.sort(order);
        return rows;
    }

    /** How many came by. */
    int total() {
        return total;
    }
}
