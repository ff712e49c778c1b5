package io.busbar.uns.registry.value;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** The topics whose last message does not fit their model. Thread-safe. */
final class ViolatingTopics {
    private final ConcurrentHashMap<String, TopicState> states = new ConcurrentHashMap<>();

    private record Latest(TopicState state, long at) {}

    /** Looks at a topic anew; called after each change of whether it is violating. */
    void look(TopicState state) {
        // What the state says is asked in here, so the last one to look is right.
        // One that was forgotten says nothing of the one that its topic has got since.
        states.compute(
                state.topic,
                (topic, known) -> state.isViolating() ? state : known == state ? null : known);
    }

    int count() {
        return states.size();
    }

    /** Those whose violations are the latest. */
    List<TopicState> latest(int limit) {
        return states.values().stream()
                .map(state -> new Latest(state, state.lastViolationAt()))
                .sorted(Comparator.comparingLong(Latest::at).reversed())
                .limit(limit)
                .map(Latest::state)
                .toList();
    }
}
