package io.busbar.web.api.live;

import io.busbar.api.uns.TopicValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Which streams want the values of which topics. Changed by the thread of the streams, asked by
 * any: asking costs next to nothing while nobody watches.
 */
final class TopicWatchers {
    private static final LiveStream[] NOBODY = {};

    private final Map<String, LiveStream[]> byTopic = new ConcurrentHashMap<>();
    private final List<LiveStream> byFilter = new CopyOnWriteArrayList<>();

    /** Adds a stream that wants all topics of its filter. */
    void addFilter(LiveStream stream) {
        byFilter.add(stream);
    }

    /** Adds a stream that wants one topic. */
    void add(String topic, LiveStream stream) {
        byTopic.compute(
                topic,
                (t, old) -> {
                    LiveStream[] present = old == null ? NOBODY : old;
                    if (Arrays.asList(present).contains(stream)) {
                        return present;
                    }
                    LiveStream[] more = Arrays.copyOf(present, present.length + 1);
                    more[present.length] = stream;
                    return more;
                });
    }

    /** Takes a stream away from one topic. */
    void remove(String topic, LiveStream stream) {
        byTopic.computeIfPresent(
                topic,
                (t, old) -> {
                    List<LiveStream> rest = new ArrayList<>(List.of(old));
                    rest.remove(stream);
                    return rest.isEmpty() ? null : rest.toArray(LiveStream[]::new);
                });
    }

    /** Takes a stream with a filter away. */
    void removeFilter(LiveStream stream) {
        byFilter.remove(stream);
    }

    /** Calls for each stream that wants the value. */
    void forEach(TopicValue value, Consumer<LiveStream> action) {
        for (LiveStream stream : byTopic.getOrDefault(value.topic(), NOBODY)) {
            action.accept(stream);
        }
        for (LiveStream stream : byFilter) {
            if (stream.filter != null && stream.filter.matches(value.topic())) {
                action.accept(stream);
            }
        }
    }

    /** Whether some stream wants the topic. */
    boolean wants(String topic) {
        if (byTopic.containsKey(topic)) {
            return true;
        }
        for (LiveStream stream : byFilter) {
            if (stream.filter != null && stream.filter.matches(topic)) {
                return true;
            }
        }
        return false;
    }

    /** The topics that some stream wants by name. */
    Collection<String> topics() {
        return List.copyOf(byTopic.keySet());
    }
}
