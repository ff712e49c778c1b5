package io.busbar.uns.registry.value;

import io.busbar.api.uns.UnmodeledBranch;
import io.busbar.api.uns.UnmodeledChanges;
import io.busbar.api.uns.UnmodeledLevel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The topics without a node, sorted once, when they are found: level by level, so that a branch is
 * one piece of the list, and the next branch is found without going through this one. Thread-safe;
 * readers do not wait, and see what comes and goes meanwhile or not.
 */
final class UnmodeledTopics {
    /** Comes after '/' and before all characters that a topic may have [MQTT5-4.7.3-2]. */
    private static final char END = '\0';

    private final ConcurrentNavigableMap<String, TopicState> states =
            new ConcurrentSkipListMap<>(UnmodeledTopics::compare);
    private final AtomicInteger count = new AtomicInteger();
    private final RecentChanges changes;

    /** How many topics were looked at to show branches. */
    private final LongAdder looked = new LongAdder();

    /**
     * Starts without topics.
     *
     * @param revision of the changes: see {@link RecentChanges}
     */
    UnmodeledTopics(long revision) {
        this.changes = new RecentChanges(revision);
    }

    /** The order: '/' before all other characters. */
    static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return x == '/' ? -1 : y == '/' ? 1 : x - y;
            }
        }
        return a.length() - b.length();
    }

    void add(TopicState state) {
        if (states.put(state.topic, state) == null) {
            count.incrementAndGet();
            changes.add(state.topic);
        }
    }

    /** Takes a topic out if it is there. */
    void remove(TopicState state) {
        if (states.remove(state.topic, state)) {
            count.decrementAndGet();
            changes.add(state.topic);
        }
    }

    boolean has(TopicState state) {
        return states.get(state.topic) == state;
    }

    boolean has(String topic) {
        return states.containsKey(topic);
    }

    int count() {
        return count.get();
    }

    long looked() {
        return looked.sum();
    }

    Collection<TopicState> all() {
        return states.values();
    }

    Set<String> names() {
        return Collections.unmodifiableSet(states.keySet());
    }

    /** Those that begin with a text, in their order. */
    List<TopicState> startingWith(String prefix, int limit) {
        List<TopicState> found = new ArrayList<>();
        for (TopicState state : states.tailMap(prefix, true).values()) {
            if (found.size() >= limit || !state.topic.startsWith(prefix)) {
                break;
            }
            found.add(state);
        }
        return found;
    }

    /**
     * The levels just below a branch.
     *
     * @param under all levels down to the branch, each with '/' after it; empty for the root
     * @param after only levels after this one; null = from the first
     */
    UnmodeledBranch branch(String under, @Nullable String after, int limit) {
        List<UnmodeledLevel> levels = new ArrayList<>();
        String next =
                after == null ? states.ceilingKey(under) : states.higherKey(under + after + END);
        while (next != null && next.startsWith(under) && levels.size() < limit) {
            int slash = next.indexOf('/', under.length());
            String name = next.substring(under.length(), slash < 0 ? next.length() : slash);
            String path = under + name;
            levels.add(level(name, path));
            next = states.higherKey(path + END);
        }
        return new UnmodeledBranch(levels, next != null && next.startsWith(under));
    }

    /** One of the levels just below a branch; empty if there is none of this name. */
    Optional<UnmodeledLevel> find(String under, String name) {
        UnmodeledLevel level = level(name, under + name);
        return level.topics() == 0 ? Optional.empty() : Optional.of(level);
    }

    /** What came or went after a revision. */
    UnmodeledChanges changesSince(long revision) {
        return changes.since(revision);
    }

    /** Those at and below a level, in their order. */
    List<String> at(String path, int limit) {
        return states.subMap(path, true, path + END, false).keySet().stream().limit(limit).toList();
    }

    private UnmodeledLevel level(String name, String path) {
        NavigableMap<String, TopicState> below = states.subMap(path, true, path + END, false);
        int topics = 0;
        TopicState own = null;
        for (Map.Entry<String, TopicState> each : below.entrySet()) {
            if (topics++ == 0 && each.getKey().equals(path)) {
                own = each.getValue();
            }
        }
        looked.add(topics);
        return new UnmodeledLevel(name, path, topics, own == null ? null : own.unmodeled());
    }
}
