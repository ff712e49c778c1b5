package io.busbar.api.uns;

import java.util.List;

/**
 * Topics without a node whose last payloads look alike: they have the same format, and values of
 * the same names. Immutable.
 *
 * @param fields the names, sorted; the first {@link #MOST_FIELDS} if there are more. A value
 *     without a name has none
 * @param moreFields how many there are beside these
 * @param topics how many topics there are
 * @param publishers who published to them last, as people call them; {@link #MOST_PUBLISHERS} at
 *     most
 * @param branches the first levels of the topics with how many there are below, the most first;
 *     {@link #MOST_BRANCHES} at most
 * @param examples some of the topics, sorted; {@link #MOST_EXAMPLES} at most
 */
public record UnmodeledCluster(
        PayloadFormat format,
        List<String> fields,
        int moreFields,
        int topics,
        List<String> publishers,
        List<Branch> branches,
        List<String> examples) {
    /** Most names that are listed. */
    public static final int MOST_FIELDS = 20;

    /** Most publishers that are listed. */
    public static final int MOST_PUBLISHERS = 10;

    /** Most branches that are listed. */
    public static final int MOST_BRANCHES = 20;

    /** Most topics that are listed. */
    public static final int MOST_EXAMPLES = 10;

    /**
     * A first level.
     *
     * @param path the level; a topic of one level is its own
     * @param topics how many topics of the cluster are at or below it
     */
    public record Branch(String path, int topics) {}

    public UnmodeledCluster {
        fields = List.copyOf(fields);
        publishers = List.copyOf(publishers);
        branches = List.copyOf(branches);
        examples = List.copyOf(examples);
    }
}
