package io.busbar.api.uns;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A place in the namespace.
 *
 * @param id UUIDv7; survives a rename
 * @param parentId null at the root
 * @param name one level: see {@link NodeName}
 * @param path all levels, which for a topic is byte for byte its MQTT topic
 * @param alias unique, made once, never changed
 * @param isa95Level Enterprise, Site, Area …, or null
 * @param topicType of a TOPIC, or of a PATH that is a type folder; else null
 * @param model of a TOPIC; {@link Model#ANY} else
 * @param enableHistory whether past values shall be kept
 * @param staleAfterSeconds after how long without a message the value is Uncertain; 0 = never
 * @param writable whether people may publish to it from the console
 * @param revision grows with every change
 */
public record Node(
        UUID id,
        @Nullable UUID parentId,
        NodeType type,
        String name,
        String path,
        String alias,
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
        boolean writable,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy,
        long revision) {
    public Node {
        labels = List.copyOf(labels);
        extendProperties = Map.copyOf(extendProperties);
    }
}
