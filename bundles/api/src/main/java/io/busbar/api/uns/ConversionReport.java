package io.busbar.api.uns;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of the wish to model a branch. All topics are modelled, or none; but for those that
 * somebody else has modelled in this moment.
 *
 * @param topics all topics of the branch that have no node, level by level
 * @param nodes how many nodes were created, paths and topics, or were paths and became topics; 0 if
 *     there are problems. In a dry run, how many would be
 */
public record ConversionReport(List<Row> topics, int nodes) {
    /**
     * A topic.
     *
     * @param path of its node
     * @param fields how many fields its proposed model has
     * @param problem why it cannot be modelled like this; null if it can
     * @param skipped why it was left as it is, which is no problem for the others: it has a node in
     *     the meantime, or was forgotten; null if it was not
     * @param reason the same as problem or skipped, for programs; null if there is neither
     */
    public record Row(
            String topic,
            String path,
            int fields,
            @Nullable String problem,
            @Nullable String skipped,
            @Nullable Reason reason) {}

    public ConversionReport {
        topics = List.copyOf(topics);
    }

    /** How many topics cannot be modelled like this. */
    public int problems() {
        return (int) topics.stream().filter(row -> row.problem() != null).count();
    }

    /** How many topics were left as they are. */
    public int skipped() {
        return (int) topics.stream().filter(row -> row.skipped() != null).count();
    }
}
