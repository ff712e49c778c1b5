package io.busbar.uns.registry.document;

import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeIdentity;
import io.busbar.api.uns.NodeLabels;
import io.busbar.api.uns.NodePayload;
import io.busbar.api.uns.NodePolicy;
import io.busbar.api.uns.NodeStamp;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.ValidationMode;
import io.busbar.json.OptionalKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A node on disk. Its path is not in it, so that a rename changes one document. */
record NodeDocument(
        @OptionalKey @Nullable UUID parentId,
        String name,
        NodeType type,
        @OptionalKey @Nullable TopicType topicType,
        String alias,
        @OptionalKey @Nullable String displayName,
        @OptionalKey @Nullable String description,
        @OptionalKey @Nullable String isa95Level,
        @OptionalKey List<String> labels,
        @OptionalKey Map<String, String> extendProperties,
        @OptionalKey("JSON") PayloadFormat payloadFormat,
        @OptionalKey List<FieldDocument> fields,
        @OptionalKey("ALLOW") UnknownFields unknownFields,
        @OptionalKey("OBSERVE") ValidationMode validation,
        @OptionalKey boolean enableHistory,
        @OptionalKey int staleAfterSeconds,
        @OptionalKey("true") boolean writable,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy) {

    static NodeDocument of(Node node) {
        return new NodeDocument(
                node.identity().parentId(),
                node.name(),
                node.type(),
                node.payload().topicType(),
                node.identity().alias(),
                node.labels().displayName(),
                node.labels().description(),
                node.labels().isa95Level(),
                node.labels().labels(),
                new TreeMap<>(node.labels().extendProperties()),
                node.payload().format(),
                node.payload().model().fields().stream().map(FieldDocument::of).toList(),
                node.payload().model().unknownFields(),
                node.policy().validation(),
                node.policy().enableHistory(),
                node.policy().staleAfterSeconds(),
                node.policy().writable(),
                node.stamp().createdAt(),
                node.stamp().createdBy(),
                node.stamp().updatedAt(),
                node.stamp().updatedBy());
    }

    Node toNode(UUID id, String path, long revision) {
        return new Node(
                new NodeIdentity(id, parentId, type, name, path, alias),
                new NodeLabels(displayName, description, labels, extendProperties, isa95Level),
                new NodePayload(
                        topicType,
                        payloadFormat,
                        new Model(
                                fields.stream().map(FieldDocument::toField).toList(),
                                unknownFields)),
                new NodePolicy(validation, enableHistory, staleAfterSeconds, writable),
                new NodeStamp(createdAt, createdBy, updatedAt, updatedBy, revision));
    }
}
