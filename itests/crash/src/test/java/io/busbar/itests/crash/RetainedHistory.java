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
    private final boolean strict;
    private final List<Change> changes = new ArrayList<>();

    /**
     * @param strict whether a change of QoS 2 that was on its way when the server was killed counts
     *     as acknowledged in the end
     */
    RetainedHistory(String topic, boolean strict) {
        this.topic = topic;
        this.strict = strict;
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
            Publication publication = changes.get(i).publication;
            if (publication.isAcknowledged() && (strict || !publication.isInGap())) {
                return i;
            }
        }
        return -1;
    }
}
