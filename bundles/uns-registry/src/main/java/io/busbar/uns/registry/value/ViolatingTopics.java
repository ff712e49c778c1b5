package io.busbar.uns.registry.value;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The topics whose last message does not fit their model, and those of which one did not.
 * Thread-safe.
 */
final class ViolatingTopics {
    private final ConcurrentHashMap<String, TopicState> states = new ConcurrentHashMap<>();

    /** With those that fit again. */
    private final ConcurrentHashMap<String, TopicState> remembered = new ConcurrentHashMap<>();

    private record Latest(TopicState state, long at) {}

    /** Looks at a topic anew; called after each change of whether it is violating. */
    void look(TopicState state) {
        // What the state says is asked in here, so the last one to look is right.
        // One that was forgotten says nothing of the one that its topic has got since.
        states.compute(
                state.topic,
                (topic, known) -> state.isViolating() ? state : known == state ? null : known);
        remembered.compute(
                state.topic,
                (topic, known) -> state.hasViolations() ? state : known == state ? null : known);
    }

    /** Whether it is known that messages of a topic did not fit. */
    boolean remembers(TopicState state) {
        return remembered.get(state.topic) == state;
    }

    int count() {
        return states.size();
    }

    /** Those whose violations are the latest. */
    List<TopicState> latest(int limit) {
        return latest(states.values(), limit);
    }

    /** Those of which a message did not fit, the latest violation first. */
    List<TopicState> remembered(int limit) {
        return latest(remembered.values(), limit);
    }

    private static List<TopicState> latest(Collection<TopicState> states, int limit) {
        return states.stream()
                .map(state -> new Latest(state, state.lastViolationAt()))
                .sorted(Comparator.comparingLong(Latest::at).reversed())
                .limit(limit)
                .map(Latest::state)
                .toList();
    }
}
