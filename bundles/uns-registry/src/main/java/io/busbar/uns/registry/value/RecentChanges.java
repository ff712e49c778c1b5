package io.busbar.uns.registry.value;

import io.busbar.api.uns.UnmodeledChanges;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Remembers which topics came or went lately, so that who looks at some need not read all again.
 */
final class RecentChanges {
    private static final int MOST = 1_000;
    private static final int MOST_CHARACTERS = 200_000;

    private final ArrayDeque<String> topics = new ArrayDeque<>();
    private int characters;
    private long revision;

    /**
     * Remembers nothing yet.
     *
     * @param first the revision before the first change. That of an earlier run of the server is
     *     less, so that nobody who asks from there is told of too little
     */
    RecentChanges(long first) {
        this.revision = first;
    }

    synchronized void add(String topic) {
        revision++;
        topics.addLast(topic);
        characters += topic.length();
        while (topics.size() > MOST || characters > MOST_CHARACTERS) {
            characters -= topics.removeFirst().length();
        }
    }

    /** What changed after a revision. */
    synchronized UnmodeledChanges since(long known) {
        long missing = revision - known;
        if (missing == 0) {
            return new UnmodeledChanges(revision, true, List.of());
        }
        if (missing < 0 || missing > topics.size()) {
            return new UnmodeledChanges(revision, false, List.of());
        }
        Set<String> changed = new LinkedHashSet<>();
        topics.stream().skip(topics.size() - missing).forEach(changed::add);
        return new UnmodeledChanges(revision, true, List.copyOf(changed));
    }
}
