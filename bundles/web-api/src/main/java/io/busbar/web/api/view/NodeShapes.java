package io.busbar.web.api.view;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldWidening;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.TemplatePin;
import io.busbar.api.uns.TopicValue;
import io.busbar.json.JsonShape;
import io.busbar.web.api.backend.Backend;
import io.busbar.web.api.state.LiveIds;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Nodes in the form of the API, complete or as rows of the tree. Thread-safe. */
public final class NodeShapes {
    private static final BigDecimal MOST_LONG = BigDecimal.valueOf(Long.MIN_VALUE).negate();

    private final Backend services;
    private final LiveIds liveIds;
    private final ValueShapes values;

    public NodeShapes(Backend services, LiveIds liveIds, ValueShapes values) {
        this.services = services;
        this.liveIds = liveIds;
        this.values = values;
    }

    /** The API's Node. */
    public JsonObject toJson(Node node) {
        Namespace namespace = services.namespace();
        boolean topic = node.type() == NodeType.TOPIC;
        JsonObject properties = new JsonObject();
        node.labels().extendProperties().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(entry -> properties.addProperty(entry.getKey(), entry.getValue()));
        JsonShape shape = new JsonShape();
        shape.put("id", node.id().toString())
                .put("liveId", topic ? liveIds.idOf(node.topic()) : null)
                .put(
                        "parentId",
                        node.identity().parentId() == null
                                ? null
                                : node.identity().parentId().toString())
                .put("type", node.type())
                .put("name", node.name())
                .put("path", node.path())
                .put("topic", topic ? node.topic() : null)
                .put("wireTopic", node.payload().wireTopic())
                .put("alias", node.identity().alias())
                .put("displayName", node.labels().displayName())
                .put("description", node.labels().description())
                .put("labels", JsonShape.texts(node.labels().labels()))
                .put("extendProperties", properties)
                .put("isa95Level", node.labels().isa95Level())
                .put("topicType", node.payload().topicType())
                .put("payloadFormat", topic ? node.payload().format().name() : null)
                .put("model", topic ? model(node.payload().model()) : null);
        PolicyShapes.putOwn(shape, node.policy());
        return shape.put(
                        "effective",
                        PolicyShapes.effective(namespace.policyOf(node.id()), node.path()))
                .put("childCount", namespace.childCount(node.id()))
                .put("topicCount", namespace.topicsBelow(node.id()))
                .put("revision", node.revision())
                .put("createdAt", node.stamp().createdAt())
                .put("createdBy", node.stamp().createdBy())
                .put("updatedAt", node.stamp().updatedAt())
                .put("updatedBy", node.stamp().updatedBy())
                .build();
    }

    /** The API's TreeNode, without what is below it. */
    public JsonObject row(Node node) {
        return row(node, 0, 0, new Room(0));
    }

    /**
     * The API's TreeNode.
     *
     * @param depth how many levels below it go along; 0 = none
     * @param limit children per node
     * @param room takes from it for each node below it
     */
    public JsonObject row(Node node, int depth, int limit, Room room) {
        Namespace namespace = services.namespace();
        boolean topic = node.type() == NodeType.TOPIC;
        TopicValue value = topic ? namespace.value(node.topic()).orElse(null) : null;
        JsonShape shape =
                new JsonShape()
                        .put("id", node.id().toString())
                        .put("liveId", topic ? liveIds.idOf(node.topic()) : null)
                        .put("type", node.type())
                        .put("name", node.name())
                        .put("path", node.path())
                        .put("displayName", node.labels().displayName())
                        .put("topicType", node.payload().topicType())
                        .put("childCount", namespace.childCount(node.id()))
                        .put("topicCount", namespace.topicsBelow(node.id()))
                        .put("quality", value == null ? null : value.quality().text())
                        .put("text", value == null ? null : values.shortText(value))
                        .put("unit", value == null ? null : values.unit(value))
                        .put("receivedAt", value == null ? null : value.receivedAt())
                        .put("violations", value == null ? 0 : value.violationsInARow());
        if (depth > 0) {
            JsonArray below = new JsonArray();
            List<Node> children = namespace.children(node.id(), 0, Math.min(limit, room.left));
            room.left -= children.size();
            children.forEach(child -> below.add(row(child, depth - 1, limit, room)));
            shape.put("children", below);
        }
        return shape.build();
    }

    /** How many nodes one answer may still have. Confined to one thread. */
    public static final class Room {
        private int left;

        public Room(int nodes) {
            this.left = nodes;
        }
    }

    /** The API's Model. */
    public static JsonObject model(Model model) {
        TemplatePin pin = model.template();
        return new JsonShape()
                .put("templateId", pin == null ? null : pin.templateId().toString())
                .put("templateVersion", pin == null ? null : pin.version().toString())
                .put("templateFields", pin == null ? 0 : pin.fields())
                .put("fields", JsonShape.array(model.fields(), NodeShapes::field))
                .put("unknownFields", model.unknownFields())
                .put("quality", model.quality())
                .build();
    }

    /** The API's Widening. */
    public static JsonObject widening(FieldWidening widening) {
        return new JsonShape()
                .put("field", field(widening.field()))
                .put("wider", field(widening.wider()))
                .put("values", widening.values())
                .put("refused", widening.refused())
                .put("examples", JsonShape.texts(widening.examples()))
                .build();
    }

    /** As text if it is a whole number of 64 bits that a browser would round. */
    private static @Nullable JsonElement limit(@Nullable BigDecimal value) {
        if (value == null) {
            return null;
        }
        JsonPrimitive number = new JsonPrimitive(value);
        return value.abs().compareTo(MOST_LONG) <= 0 ? ValueShapes.exact(number) : number;
    }

    /** The API's Field. */
    public static JsonObject field(Field field) {
        return new JsonShape()
                .put("name", field.name())
                .put("type", field.type())
                .put("required", field.required())
                .put("nullable", field.nullable())
                .put("unit", field.unit())
                .put("min", limit(field.min()))
                .put("max", limit(field.max()))
                .put("decimals", field.decimals())
                .put("maxLength", field.maxLength())
                .put("enum", field.allowed().isEmpty() ? null : JsonShape.texts(field.allowed()))
                .put("pattern", field.pattern())
                .put("displayName", field.displayName())
                .put("description", field.description())
                .put("coerce", field.coerce())
                .put("source", field.source())
                .build();
    }
}
