package io.busbar.itests.crash;

import io.busbar.itests.crash.Fault.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All changes of the Retained Message of one topic by its only writer, and what may be found: the
 * result of the last change that was acknowledged, or of a later one. Thread-safe.
 */
final class RetainedHistory {
    /** What a reader finds where there is no Retained Message. */
    static final String NONE = "";

    private record Change(Publication publication, String value) {}

    private final String topic;
    private final List<Change> changes = new ArrayList<>();

    RetainedHistory(String topic) {
        this.topic = topic;
    }

    String topic() {
        return topic;
    }

    /**
     * Before it is sent.
     *
     * @param value {@link #NONE} removes the message
     */
    synchronized void change(Publication publication, String value) {
        changes.add(new Change(publication, value));
        int last = lastAcknowledged();
        if (last > 0) {
            changes.subList(0, last).clear();
        }
    }

    /** Whether a reader may find this value now; {@link #NONE} if it finds no message. */
    synchronized Optional<Fault> judge(String value) {
        int last = lastAcknowledged();
        List<String> allowed = new ArrayList<>();
        if (last < 0) {
            allowed.add(NONE);
        }
        changes.subList(Math.max(0, last), changes.size()).stream()
                .filter(change -> change.publication.sends() > 0)
                .forEach(change -> allowed.add(change.value));
        return allowed.contains(value)
                ? Optional.empty()
                : Optional.of(
                        new Fault(
                                Kind.RETAINED,
                                "",
                                topic,
                                "one of " + allowed.stream().map(RetainedHistory::shown).toList(),
                                shown(value)));
    }

    private static String shown(String value) {
        return value.equals(NONE) ? "no message" : "'" + value + "'";
    }

    private int lastAcknowledged() {
        for (int i = changes.size() - 1; i >= 0; i--) {
            if (changes.get(i).publication.isAcknowledged()) {
                return i;
            }
        }
        return -1;
    }
}
