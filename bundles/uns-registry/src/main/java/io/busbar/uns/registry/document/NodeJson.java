package io.busbar.uns.registry.document;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
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
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Nodes as JSON: the documents on disk, and the parts that exports share with them. What has its
 * default is left out.
 */
public final class NodeJson {
    private NodeJson() {}

    /** The document of a node; its path is not in it, so that a rename changes one document. */
    public static JsonObject toDocument(Node node) {
        JsonObject json = new JsonObject();
        if (node.identity().parentId() != null) {
            json.addProperty("parentId", node.identity().parentId().toString());
        }
        json.addProperty("name", node.name());
        json.addProperty("type", node.type().name());
        common(node, json);
        json.addProperty("createdAt", node.stamp().createdAt().toString());
        json.addProperty("createdBy", node.stamp().createdBy());
        json.addProperty("updatedAt", node.stamp().updatedAt().toString());
        json.addProperty("updatedBy", node.stamp().updatedBy());
        return json;
    }

    /** Everything but name, type, place and history of a node. */
    public static void common(Node node, JsonObject json) {
        TopicType topicType = node.payload().topicType();
        if (topicType != null) {
            json.addProperty("topicType", topicType.name());
        }
        json.addProperty("alias", node.identity().alias());
        text(json, "displayName", node.labels().displayName());
        text(json, "description", node.labels().description());
        text(json, "isa95Level", node.labels().isa95Level());
        if (!node.labels().labels().isEmpty()) {
            json.add("labels", texts(node.labels().labels()));
        }
        if (!node.labels().extendProperties().isEmpty()) {
            JsonObject properties = new JsonObject();
            new TreeMap<>(node.labels().extendProperties()).forEach(properties::addProperty);
            json.add("extendProperties", properties);
        }
        if (node.payload().format() != PayloadFormat.JSON) {
            json.addProperty("payloadFormat", node.payload().format().name());
        }
        if (!node.payload().model().fields().isEmpty()) {
            JsonArray fields = new JsonArray();
            node.payload().model().fields().forEach(field -> fields.add(toJson(field)));
            json.add("fields", fields);
        }
        if (node.type() == NodeType.TOPIC && !node.payload().model().equals(Model.ANY)) {
            json.addProperty("unknownFields", node.payload().model().unknownFields().name());
        }
        if (node.policy().validation() != ValidationMode.OBSERVE) {
            json.addProperty("validation", node.policy().validation().name());
        }
        if (node.policy().enableHistory()) {
            json.addProperty("enableHistory", true);
        }
        if (node.policy().staleAfterSeconds() != 0) {
            json.addProperty("staleAfterSeconds", node.policy().staleAfterSeconds());
        }
        if (!node.policy().writable()) {
            json.addProperty("writable", false);
        }
    }

    private static JsonObject toJson(Field field) {
        JsonObject json = new JsonObject();
        json.addProperty("name", field.name());
        json.addProperty("type", field.type().name());
        if (field.required()) {
            json.addProperty("required", true);
        }
        if (field.nullable()) {
            json.addProperty("nullable", true);
        }
        text(json, "unit", field.unit());
        if (field.min() != null) {
            json.addProperty("min", field.min());
        }
        if (field.max() != null) {
            json.addProperty("max", field.max());
        }
        if (field.decimals() != null) {
            json.addProperty("decimals", field.decimals());
        }
        if (field.maxLength() != null) {
            json.addProperty("maxLength", field.maxLength());
        }
        if (!field.allowed().isEmpty()) {
            json.add("enum", texts(field.allowed()));
        }
        text(json, "pattern", field.pattern());
        text(json, "displayName", field.displayName());
        text(json, "description", field.description());
        if (field.coerce()) {
            json.addProperty("coerce", true);
        }
        return json;
    }

    /** Reads a document that {@link #toDocument} wrote. */
    public static Node fromDocument(UUID id, JsonObject json, String path, long revision) {
        NodeType type = NodeType.valueOf(json.get("type").getAsString());
        String topicType = string(json, "topicType");
        String format = string(json, "payloadFormat");
        String unknown = string(json, "unknownFields");
        String validation = string(json, "validation");
        List<Field> fields = new ArrayList<>();
        if (json.has("fields")) {
            json.getAsJsonArray("fields")
                    .forEach(field -> fields.add(field(field.getAsJsonObject())));
        }
        List<String> labels = new ArrayList<>();
        if (json.has("labels")) {
            json.getAsJsonArray("labels").forEach(label -> labels.add(label.getAsString()));
        }
        Map<String, String> properties = new LinkedHashMap<>();
        if (json.has("extendProperties")) {
            json.getAsJsonObject("extendProperties")
                    .entrySet()
                    .forEach(each -> properties.put(each.getKey(), each.getValue().getAsString()));
        }
        String parentId = string(json, "parentId");
        return new Node(
                new NodeIdentity(
                        id,
                        parentId == null ? null : UUID.fromString(parentId),
                        type,
                        json.get("name").getAsString(),
                        path,
                        json.get("alias").getAsString()),
                new NodeLabels(
                        string(json, "displayName"),
                        string(json, "description"),
                        labels,
                        properties,
                        string(json, "isa95Level")),
                new NodePayload(
                        topicType == null ? null : TopicType.valueOf(topicType),
                        format == null ? PayloadFormat.JSON : PayloadFormat.valueOf(format),
                        new Model(
                                fields,
                                unknown == null
                                        ? UnknownFields.ALLOW
                                        : UnknownFields.valueOf(unknown))),
                new NodePolicy(
                        validation == null
                                ? ValidationMode.OBSERVE
                                : ValidationMode.valueOf(validation),
                        json.has("enableHistory"),
                        json.has("staleAfterSeconds")
                                ? json.get("staleAfterSeconds").getAsInt()
                                : 0,
                        !json.has("writable")),
                new NodeStamp(
                        Instant.parse(json.get("createdAt").getAsString()),
                        json.get("createdBy").getAsString(),
                        Instant.parse(json.get("updatedAt").getAsString()),
                        json.get("updatedBy").getAsString(),
                        revision));
    }

    private static Field field(JsonObject json) {
        List<String> allowed = new ArrayList<>();
        if (json.has("enum")) {
            json.getAsJsonArray("enum").forEach(text -> allowed.add(text.getAsString()));
        }
        return new Field(
                json.get("name").getAsString(),
                FieldType.valueOf(json.get("type").getAsString()),
                json.has("required"),
                json.has("nullable"),
                string(json, "unit"),
                decimal(json.get("min")),
                decimal(json.get("max")),
                json.has("decimals") ? json.get("decimals").getAsInt() : null,
                json.has("maxLength") ? json.get("maxLength").getAsInt() : null,
                allowed,
                string(json, "pattern"),
                string(json, "displayName"),
                string(json, "description"),
                json.has("coerce"));
    }

    private static @Nullable BigDecimal decimal(@Nullable JsonElement json) {
        return json == null ? null : json.getAsBigDecimal();
    }

    private static @Nullable String string(JsonObject json, String key) {
        return json.has(key) ? json.get(key).getAsString() : null;
    }

    private static void text(JsonObject json, String key, @Nullable String text) {
        if (text != null) {
            json.addProperty(key, text);
        }
    }

    private static JsonArray texts(List<String> texts) {
        JsonArray array = new JsonArray();
        texts.forEach(array::add);
        return array;
    }
}
