package io.busbar.mqtt.broker.retained;

import io.busbar.api.mqtt.Message;
import io.busbar.api.storage.TopicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The changes that the store does not show for sure yet. What is here counts, whatever the store
 * says. Thread-safe.
 */
final class Overlay {
    private static final int MOST_STEPS = 2_048;

    private final ConcurrentSkipListMap<TopicKey, Pending> byKey = new ConcurrentSkipListMap<>();

    /** A change as it was seen. */
    record Seen(Pending pending, @Nullable Message message) {}

    /**
     * Changes that match a filter.
     *
     * @param end the first key that was not looked at, or null if all were
     */
    record Part(List<Seen> changes, @Nullable TopicKey end) {}

    @Nullable Pending get(TopicKey key) {
        return byKey.get(key);
    }

    void add(Pending pending) {
        byKey.put(pending.key, pending);
    }

    void remove(Pending pending) {
        byKey.remove(pending.key, pending);
    }

    /** Changes from a key on that match. */
    Part part(FilterWalk walk, TopicKey from, int most) {
        List<Seen> found = new ArrayList<>(0);
        Map.Entry<TopicKey, Pending> at = byKey.ceilingEntry(from);
        for (int steps = 0; at != null; steps++) {
            TopicKey key = at.getKey();
            if (steps >= MOST_STEPS || found.size() >= most) {
                return new Part(found, key);
            }
            switch (walk.look(key.bytes())) {
                case MATCH -> {
                    found.add(new Seen(at.getValue(), at.getValue().message));
                    at = byKey.higherEntry(key);
                }
                case NEXT -> at = byKey.higherEntry(key);
                case SEEK -> at = byKey.ceilingEntry(walk.target());
                case END -> at = null;
            }
        }
        return new Part(found, null);
    }
}
