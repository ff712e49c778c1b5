package io.busbar.api.uns;

/**
 * The wish to model all topics of a branch that have no node.
 *
 * @param branch all levels down to the branch; the topic of this name and those below it
 * @param path the path that comes in the place of the branch. Levels below it that cannot be names
 *     become names that are like them; devices keep publishing their topics
 * @param topicType what the topics become
 */
public record BranchConversion(String branch, String path, TopicType topicType) {
    /** Most topics that are converted at once. */
    public static final int MAX_TOPICS = 10_000;
}
