package io.busbar.uns.registry.document;

import com.google.gson.JsonObject;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeIdentity;
import io.busbar.api.uns.NodeLabels;
import io.busbar.api.uns.NodePayload;
import io.busbar.api.uns.NodePolicy;
import io.busbar.api.uns.NodeStamp;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.SemanticVersion;
import io.busbar.api.uns.TemplatePin;
import io.busbar.api.uns.TopicPolicy;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.ValidationMode;
import io.busbar.json.JsonMapper;
import io.busbar.json.OptionalKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A node as it is stored. It does not contain the path, so a rename changes only one document. A
 * policy that is not there is as in the node above.
 *
 * @param templateId the template that the node pins; its fields are not in the document
 * @param fields those of the node alone
 * @param unknownFields null if the model accepts any payload
 * @param quality the value that is the source's quality
 */
public record NodeDocument(
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
        @OptionalKey @Nullable String wireTopic,
        @OptionalKey @Nullable UUID templateId,
        @OptionalKey @Nullable String templateVersion,
        @OptionalKey List<FieldDocument> fields,
        @OptionalKey @Nullable UnknownFields unknownFields,
        @OptionalKey @Nullable String quality,
        @OptionalKey @Nullable ValidationMode validation,
        @OptionalKey @Nullable Boolean enableHistory,
        @OptionalKey @Nullable Integer staleAfterSeconds,
        @OptionalKey @Nullable Boolean writable,
        @OptionalKey @Nullable String timeZone,
        @OptionalKey @Nullable TopicPolicy topicPolicy,
        @OptionalKey @Nullable Integer maxPayloadBytes,
        @OptionalKey @Nullable Integer maxMessagesPerSecond,
        @OptionalKey @Nullable Boolean closeOnReject,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy) {

    /** Documents of a newer version may have more keys. */
    static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .text(PayloadFormat.class, PayloadFormat::new, PayloadFormat::name)
                    .tolerateUnknownKeys()
                    .build();

    private static final List<String> PLACE_AND_STAMP =
            List.of("parentId", "createdAt", "createdBy", "updatedAt", "updatedBy");

    /** What is written of a node but for where it stands and who made it when. */
    public static JsonObject withoutPlaceAndStamp(Node node) {
        JsonObject json = MAPPER.toTree(of(node)).getAsJsonObject();
        PLACE_AND_STAMP.forEach(json::remove);
        return json;
    }

    static NodeDocument of(Node node) {
        Model model = node.payload().model();
        TemplatePin pin = model.template();
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
                node.payload().wireTopic(),
                pin == null ? null : pin.templateId(),
                pin == null ? null : pin.version().toString(),
                model.overlay().stream().map(FieldDocument::of).toList(),
                model.equals(Model.ANY) ? null : model.unknownFields(),
                model.quality(),
                node.policy().validation(),
                node.policy().enableHistory(),
                node.policy().staleAfterSeconds(),
                node.policy().writable(),
                node.policy().timeZone(),
                node.policy().topicPolicy(),
                node.policy().maxPayloadBytes(),
                node.policy().maxMessagesPerSecond(),
                node.policy().closeOnReject(),
                node.stamp().createdAt(),
                node.stamp().createdBy(),
                node.stamp().updatedAt(),
                node.stamp().updatedBy());
    }

    /** What of it the node's payload is made of. */
    private record Payload(
            @Nullable TopicType topicType,
            PayloadFormat format,
            @Nullable UUID templateId,
            @Nullable String templateVersion,
            List<FieldDocument> fields,
            @Nullable UnknownFields unknownFields,
            @Nullable String quality) {
        NodePayload toNodePayload(UnaryOperator<Model> templates) {
            TemplatePin pin =
                    templateId == null || templateVersion == null
                            ? null
                            : new TemplatePin(templateId, SemanticVersion.of(templateVersion), 0);
            Model own =
                    new Model(
                            fields.stream().map(FieldDocument::toField).toList(),
                            unknownFields == null ? UnknownFields.ALLOW : unknownFields,
                            quality,
                            pin);
            return new NodePayload(topicType, format, pin == null ? own : templates.apply(own));
        }
    }

    private NodePayload payload(Interner interner, UnaryOperator<Model> templates) {
        NodePayload shared =
                interner.made(
                        new Payload(
                                topicType,
                                payloadFormat,
                                templateId,
                                templateVersion,
                                fields,
                                unknownFields,
                                quality),
                        payload -> payload.toNodePayload(templates));
        return wireTopic == null ? shared : shared.withWireTopic(wireTopic);
    }

    /**
     * The node.
     *
     * @param parent null at the root
     * @param interner lets it share what is equal in other nodes
     * @param templates puts the fields of the template that a model pins before its own
     */
    Node toNode(
            UUID id,
            @Nullable Node parent,
            long revision,
            Interner interner,
            UnaryOperator<Model> templates) {
        String own = interner.one(name);
        return new Node(
                new NodeIdentity(
                        id,
                        parent == null ? null : parent.id(),
                        type,
                        own,
                        parent == null ? own : parent.path() + "/" + own,
                        alias),
                interner.labels(
                        new NodeLabels(
                                displayName, description, labels, extendProperties, isa95Level)),
                payload(interner, templates),
                interner.one(
                        new NodePolicy(
                                validation,
                                enableHistory,
                                staleAfterSeconds,
                                writable,
                                interner.oneOrNull(timeZone),
                                topicPolicy,
                                maxPayloadBytes,
                                maxMessagesPerSecond,
                                closeOnReject)),
                new NodeStamp(
                        interner.one(createdAt),
                        interner.one(createdBy),
                        interner.one(updatedAt),
                        interner.one(updatedBy),
                        revision));
    }
}
