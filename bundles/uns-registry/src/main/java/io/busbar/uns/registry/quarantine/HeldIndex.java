package io.busbar.uns.registry.quarantine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Which messages are held, without their payloads. Not thread-safe. */
final class HeldIndex {
    private final Share all = new Share();
    private final Map<String, Share> topics = new HashMap<>();
    private final Map<String, Holder> publishers = new HashMap<>();

    /**
     * A message.
     *
     * @param publisher whose it is: the identity, however many connections it has
     * @param at when it came, in milliseconds since the epoch
     */
    record Row(UUID id, String topic, String publisher, long bytes, long at) {}

    /** Some messages, and what they take together. */
    static final class Share {
        private final TreeMap<UUID, Row> rows = new TreeMap<>();
        private long bytes;

        private void add(Row row) {
            rows.put(row.id, row);
            bytes += row.bytes;
        }

        /** Whether nothing is left. */
        private boolean remove(Row row) {
            rows.remove(row.id);
            bytes -= row.bytes;
            return rows.isEmpty();
        }

        private Row oldest() {
            return rows.firstEntry().getValue();
        }

        long messages() {
            return rows.size();
        }

        long bytes() {
            return bytes;
        }
    }

    /** What one publisher has. */
    private static final class Holder {
        private final Share all = new Share();
        private final Map<String, Share> topics = new HashMap<>();
    }

    int size() {
        return all.rows.size();
    }

    long bytes() {
        return all.bytes;
    }

    void add(Row row) {
        all.add(row);
        topics.computeIfAbsent(row.topic, name -> new Share()).add(row);
        Holder holder = publishers.computeIfAbsent(row.publisher, name -> new Holder());
        holder.all.add(row);
        holder.topics.computeIfAbsent(row.topic, name -> new Share()).add(row);
    }

    @Nullable Row remove(UUID id) {
        Row row = all.rows.get(id);
        if (row == null) {
            return null;
        }
        all.remove(row);
        remove(topics, row);
        Holder holder = publishers.get(row.publisher);
        remove(holder.topics, row);
        if (holder.all.remove(row)) {
            publishers.remove(row.publisher);
        }
        return row;
    }

    private static void remove(Map<String, Share> from, Row row) {
        if (from.get(row.topic).remove(row)) {
            from.remove(row.topic);
        }
    }

    boolean has(UUID id) {
        return all.rows.containsKey(id);
    }

    /**
     * The message that goes first: of the publisher that has most, of its topic that has most, the
     * oldest. So nobody loses anything because somebody else sends much, on however many topics.
     *
     * @param much what there is too much of
     * @return null if there is no message
     */
    @Nullable Row first(ToLongFunction<Share> much) {
        Holder holder = most(publishers.values(), each -> each.all, much);
        Share topic =
                holder == null ? null : most(holder.topics.values(), Function.identity(), much);
        return topic == null ? null : topic.oldest();
    }

    private static <T> @Nullable T most(
            Collection<T> of, Function<T, Share> share, ToLongFunction<Share> much) {
        return of.stream()
                .max(
                        Comparator.<T>comparingLong(each -> much.applyAsLong(share.apply(each)))
                                .thenComparing(
                                        each -> share.apply(each).rows.firstKey(),
                                        Comparator.<UUID>reverseOrder()))
                .orElse(null);
    }

    /** The messages that came before a time, the oldest first. */
    List<Row> before(long at) {
        List<Row> old = new ArrayList<>();
        for (Row row : all.rows.values()) {
            if (row.at < at) {
                old.add(row);
            }
        }
        return old;
    }

    /** Some messages, the latest first. */
    List<UUID> latest(@Nullable String topic, @Nullable UUID before, int limit) {
        NavigableMap<UUID, Row> from = all.rows;
        if (topic != null) {
            Share share = topics.get(topic);
            from = share == null ? new TreeMap<>() : share.rows;
        }
        if (before != null) {
            from = from.headMap(before, false);
        }
        return from.descendingKeySet().stream().limit(limit).toList();
    }

    /** All of a topic; null = of all topics. */
    List<UUID> all(@Nullable String topic) {
        return latest(topic, null, Integer.MAX_VALUE);
    }
}
