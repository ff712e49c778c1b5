package io.busbar.api.uns;

import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a new node.
 *
 * @param parentPath path of the parent, made if it does not exist; empty = root. For a TOPIC whose
 *     parent is not a folder of its type, that folder (Metric, State or Action) is inserted
 * @param alias null or empty = made
 * @param payload with a topic type for a TOPIC; a PATH becomes a type folder by it
 */
public record NewNode(
        String parentPath,
        NodeType type,
        String name,
        @Nullable String alias,
        NodeLabels labels,
        NodePayload payload,
        NodePolicy policy) {
    /** A plain path. */
    public static NewNode path(String parentPath, String name) {
        return new NewNode(
                parentPath,
                NodeType.PATH,
                name,
                null,
                NodeLabels.NONE,
                NodePayload.NONE,
                NodePolicy.DEFAULT);
    }

    /** A JSON topic with a model. */
    public static NewNode topic(String parentPath, String name, TopicType topicType, Model model) {
        return new NewNode(
                parentPath,
                NodeType.TOPIC,
                name,
                null,
                NodeLabels.NONE,
                NodePayload.json(topicType, model),
                NodePolicy.DEFAULT);
    }

    /** The same below another parent. */
    public NewNode withParentPath(String newParentPath) {
        return new NewNode(newParentPath, type, name, alias, labels, payload, policy);
    }

    /** The same with another payload. */
    public NewNode withPayload(NodePayload newPayload) {
        return new NewNode(parentPath, type, name, alias, labels, newPayload, policy);
    }
}
