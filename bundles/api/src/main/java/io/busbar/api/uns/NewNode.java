package io.busbar.api.uns;

import org.jspecify.annotations.Nullable;

/**
 * The settings of a node to create.
 *
 * @param parentPath path of the parent; created if it does not exist; empty = the root. If a
 *     TOPIC's parent is not a folder for its topic type (Metric, State or Action), that folder is
 *     inserted
 * @param type PATH or TOPIC
 * @param name the last level of its path, see {@link NodeName}
 * @param alias a unique short name; null or empty = generated
 * @param labels names and descriptions for people
 * @param payload how payloads are read; a TOPIC needs a topic type. A PATH with a topic type
 *     becomes the folder of that type
 * @param policy what it says of how values are treated
 */
public record NewNode(
        String parentPath,
        NodeType type,
        String name,
        @Nullable String alias,
        NodeLabels labels,
        NodePayload payload,
        NodePolicy policy) {
    /** A PATH without labels. */
    public static NewNode path(String parentPath, String name) {
        return new NewNode(
                parentPath,
                NodeType.PATH,
                name,
                null,
                NodeLabels.NONE,
                NodePayload.NONE,
                NodePolicy.INHERITED);
    }

    /** A TOPIC that receives JSON described by a model. */
    public static NewNode topic(String parentPath, String name, TopicType topicType, Model model) {
        return new NewNode(
                parentPath,
                NodeType.TOPIC,
                name,
                null,
                NodeLabels.NONE,
                NodePayload.json(topicType, model),
                NodePolicy.INHERITED);
    }

    /** Returns this with another parent. */
    public NewNode withParentPath(String newParentPath) {
        return new NewNode(newParentPath, type, name, alias, labels, payload, policy);
    }

    /** Returns this with another payload. */
    public NewNode withPayload(NodePayload newPayload) {
        return new NewNode(parentPath, type, name, alias, labels, newPayload, policy);
    }
}
