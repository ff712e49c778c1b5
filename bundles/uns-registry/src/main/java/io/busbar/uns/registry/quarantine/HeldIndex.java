package io.busbar.uns.registry.quarantine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which messages are held, without their payloads. Not thread-safe. */
final class HeldIndex {
    private final TreeMap<UUID, Row> rows = new TreeMap<>();
    private final Map<String, Share> topics = new HashMap<>();
    private long bytes;

    /**
     * A message.
     *
     * @param at when it came, in milliseconds since the epoch
     */
    record Row(UUID id, String topic, long bytes, long at) {}

    /** What one topic has. */
    private static final class Share {
        private final TreeMap<UUID, Row> rows = new TreeMap<>();
        private long bytes;
    }

    int size() {
        return rows.size();
    }

    long bytes() {
        return bytes;
    }

    void add(Row row) {
        rows.put(row.id, row);
        bytes += row.bytes;
        Share share = topics.computeIfAbsent(row.topic, name -> new Share());
        share.rows.put(row.id, row);
        share.bytes += row.bytes;
    }

    @Nullable Row remove(UUID id) {
        Row row = rows.remove(id);
        if (row != null) {
            bytes -= row.bytes;
            Share share = topics.get(row.topic);
            share.rows.remove(id);
            share.bytes -= row.bytes;
            if (share.rows.isEmpty()) {
                topics.remove(row.topic);
            }
        }
        return row;
    }

    boolean has(UUID id) {
        return rows.containsKey(id);
    }

    /** The oldest message of the topic that takes most; null if there is none. */
    @Nullable Row oldestOfLargest() {
        return topics.values().stream()
                .max(
                        Comparator.<Share>comparingLong(share -> share.bytes)
                                .thenComparing(share -> share.rows.firstKey()))
                .map(share -> share.rows.firstEntry().getValue())
                .orElse(null);
    }

    /** The messages that came before a time, the oldest first. */
    List<Row> before(long at) {
        List<Row> old = new ArrayList<>();
        for (Row row : rows.values()) {
            if (row.at < at) {
                old.add(row);
            }
        }
        return old;
    }

    /** Some messages, the latest first. */
    List<UUID> latest(@Nullable String topic, @Nullable UUID before, int limit) {
        NavigableMap<UUID, Row> from = rows;
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
