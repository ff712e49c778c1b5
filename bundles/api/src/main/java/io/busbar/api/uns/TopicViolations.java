package io.busbar.api.uns;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was wrong with the messages of a topic. Immutable.
 *
 * @param violating whether the last message did not fit the model
 * @param inARow how many messages did not fit since one did; 0 = the last one fitted
 * @param total how many messages did not fit
 * @param since since when they are counted: when somebody reset the counters; null = since the
 *     server started
 * @param healedAt when a message fitted again after the latest violation; null = none did
 * @param kinds each kind of violation once, the latest first; some may be missing
 * @param forgotten how many violations are in no kind, because there were too many kinds or memory
 *     was short
 */
public record TopicViolations(
        boolean violating,
        long inARow,
        long total,
        @Nullable Instant since,
        @Nullable Instant healedAt,
        List<ViolationKind> kinds,
        long forgotten) {
    /** Of a topic without violations. */
    public static final TopicViolations NONE =
            new TopicViolations(false, 0, 0, null, null, List.of(), 0);

    public TopicViolations {
        kinds = List.copyOf(kinds);
    }
}
