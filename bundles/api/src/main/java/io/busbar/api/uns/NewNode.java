package io.busbar.api.uns;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a new node.
 *
 * @param parentPath path of the parent, made if it does not exist; empty = root. For a TOPIC whose
 *     parent is not a folder of its type, that folder (Metric, State or Action) is inserted
 * @param topicType required for a TOPIC; makes a PATH a type folder
 * @param alias null = made
 */
public record NewNode(
        String parentPath,
        NodeType type,
        String name,
        @Nullable String alias,
        @Nullable String displayName,
        @Nullable String description,
        List<String> labels,
        Map<String, String> extendProperties,
        @Nullable String isa95Level,
        @Nullable TopicType topicType,
        PayloadFormat payloadFormat,
        Model model,
        ValidationMode validation,
        boolean enableHistory,
        int staleAfterSeconds,
        boolean writable) {
    /** A plain path. */
    public static NewNode path(String parentPath, String name) {
        return new NewNode(
                parentPath,
                NodeType.PATH,
                name,
                null,
                null,
                null,
                List.of(),
                Map.of(),
                null,
                null,
                PayloadFormat.JSON,
                Model.ANY,
                ValidationMode.OBSERVE,
                false,
                0,
                true);
    }

    /** A JSON topic with a model. */
    public static NewNode topic(String parentPath, String name, TopicType topicType, Model model) {
        return new NewNode(
                parentPath,
                NodeType.TOPIC,
                name,
                null,
                null,
                null,
                List.of(),
                Map.of(),
                null,
                topicType,
                PayloadFormat.JSON,
                model,
                ValidationMode.OBSERVE,
                false,
                0,
                true);
    }
}
