package io.busbar.uns.registry.exchange;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.uns.Field;
import io.busbar.api.uns.FieldType;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeLabels;
import io.busbar.api.uns.NodePayload;
import io.busbar.api.uns.NodePolicy;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.ValidationMode;
import io.busbar.uns.registry.document.NodeJson;
import io.busbar.uns.registry.payload.JsonScan;
import io.busbar.uns.registry.payload.JsonText;
import io.busbar.uns.registry.tree.NodePlan;
import io.busbar.uns.registry.tree.NodeTree;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads documents in Tier0's two shapes into a plan of nodes, and writes them. Keys that Tier0 has
 * and Busbar has no use for are passed over; any other unknown key is an error, because a misspelt
 * limit that is silently dropped is worse than a refused file. Confined to one thread.
 */
public final class NamespaceFile {
    public static final int MAX_NODES = 100_000;
    private static final int MAX_ERRORS = 100;
    private static final int MAX_DEPTH = 256;

    private static final Set<String> ROOT_KEYS = Set.of("namespace", "UNS", "Template", "Label");
    private static final Set<String> NODE_KEYS =
            Set.of(
                    "name",
                    "type",
                    "topicType",
                    "fields",
                    "alias",
                    "displayName",
                    "description",
                    "enableHistory",
                    "extendProperties",
                    "children",
                    "label",
                    "labels",
                    "template",
                    "isa95Level",
                    "payloadFormat",
                    "unknownFields",
                    "validation",
                    "staleAfterSeconds",
                    "writable");
    private static final Set<String> NODE_KEYS_PASSED_OVER =
            Set.of(
                    "id",
                    "path",
                    "parentId",
                    "mockData",
                    "mock",
                    "generateDashboard",
                    "enableDashboard",
                    "addDashBoard",
                    "addFlow",
                    "dataType",
                    "expression",
                    "frequency",
                    "refers",
                    "refs",
                    "templateAlias",
                    "modelId",
                    "subscribeEnable",
                    "readOnly",
                    "save2db",
                    "persistence");
    private static final Set<String> FIELD_KEYS =
            Set.of(
                    "name",
                    "type",
                    "required",
                    "nullable",
                    "unit",
                    "min",
                    "max",
                    "decimals",
                    "decimal",
                    "maxLength",
                    "maxLen",
                    "enum",
                    "pattern",
                    "displayName",
                    "description",
                    "remark",
                    "coerce");
    private static final Set<String> FIELD_KEYS_PASSED_OVER =
            Set.of(
                    "index",
                    "unique",
                    "systemField",
                    "isSystem",
                    "tbValueName",
                    "lowerLimit",
                    "upperLimit");

    private final NodePlan plan;
    private final Predicate<String> skipped;
    private final boolean yielding;
    private final List<String> unchanged = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private final Map<String, JsonArray> templates = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private int nodes;
    private int moreErrors;

    /** Reads into a plan for a person who wants it done. */
    public NamespaceFile(NodePlan plan) {
        this(plan, path -> false, false);
    }

    /**
     * Reads into a plan for the declarative start, which yields to what people have done.
     *
     * @param deleted paths that are not made if they do not exist, nor anything below them
     */
    public NamespaceFile(NodePlan plan, Predicate<String> deleted) {
        this(plan, deleted, true);
    }

    private NamespaceFile(NodePlan plan, Predicate<String> skipped, boolean yielding) {
        this.plan = plan;
        this.skipped = skipped;
        this.yielding = yielding;
    }

    /** Reads a document; the plan may only be carried out if the result has no errors. */
    public ImportResult read(String json) {
        JsonObject root = parse(json);
        if (root != null) {
            root(root);
        }
        if (moreErrors > 0) {
            errors.add("and " + moreErrors + " more");
        }
        List<String> created =
                errors.isEmpty() ? plan.created().stream().map(Node::path).toList() : List.of();
        return new ImportResult(created, List.copyOf(unchanged), List.copyOf(errors));
    }

    private @Nullable JsonObject parse(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        JsonScan scan = new JsonScan(MAX_DEPTH, MAX_NODES);
        if (!scan.scan(bytes)) {
            int line = 1;
            int column = 1;
            for (int i = 0; i < scan.errorAt() && i < bytes.length; i++) {
                column = bytes[i] == '\n' ? 1 : column + 1;
                line += bytes[i] == '\n' ? 1 : 0;
            }
            error("the document", "line " + line + ", column " + column, scan.error());
            return null;
        }
        if (scan.kind() != JsonScan.Kind.OBJECT) {
            error(
                    "the document",
                    "",
                    "is no object (expected: {\"namespace\":[…]} or {\"UNS\":[…]})");
            return null;
        }
        return JsonParser.parseString(json).getAsJsonObject();
    }

    private void root(JsonObject root) {
        for (String key : root.keySet()) {
            if (!ROOT_KEYS.contains(key)) {
                error(
                        "the document",
                        "",
                        "unknown key '"
                                + JsonText.clip(key)
                                + "' (expected: namespace, or Label, Template and UNS)");
            }
        }
        if (!root.has("namespace") && !root.has("UNS")) {
            error("the document", "", "neither 'namespace' nor 'UNS' in it");
        }
        templates(root.get("Template"));
        for (String key : List.of("namespace", "UNS")) {
            if (root.has(key)) {
                children(root.get(key), "", null, key);
            }
        }
    }

    private void templates(@Nullable JsonElement json) {
        if (json == null) {
            return;
        }
        if (!json.isJsonArray()) {
            error("Template", "", "no array");
            return;
        }
        for (JsonElement each : json.getAsJsonArray()) {
            if (each.isJsonObject()
                    && each.getAsJsonObject().get("fields") instanceof JsonArray fields) {
                for (String key : List.of("name", "alias")) {
                    if (each.getAsJsonObject().get(key) instanceof JsonPrimitive name) {
                        templates.put(name.getAsString(), fields);
                    }
                }
            }
        }
    }

    private void children(
            JsonElement json, String parentPath, @Nullable TopicType folder, String place) {
        if (!json.isJsonArray()) {
            error(place, "", "no array (expected: an array of nodes)");
            return;
        }
        JsonArray array = json.getAsJsonArray();
        for (int i = 0; i < array.size(); i++) {
            String here = place + "[" + i + "]";
            if (++nodes > MAX_NODES) {
                error(here, "", "more than " + MAX_NODES + " nodes in one document");
                return;
            }
            if (array.get(i).isJsonObject()) {
                node(array.get(i).getAsJsonObject(), parentPath, folder, here);
            } else {
                error(here, "", "no object (expected: a node)");
            }
        }
    }

    private void node(
            JsonObject json, String parentPath, @Nullable TopicType folder, String place) {
        String path = parentPath;
        try {
            unknownKeys(json, NODE_KEYS, NODE_KEYS_PASSED_OVER);
            String name = text(json, "name");
            if (name == null) {
                throw new IllegalArgumentException("name: missing");
            }
            path = NodePlan.join(parentPath, name);
            NodeType type = nodeType(json);
            if (!seen.add(path)) {
                throw new IllegalArgumentException(
                        "name: a node of this path is in the document twice");
            }
            Node there = plan.at(path);
            TopicType topicType = topicType(json, type, name, folder);
            if (there != null && there.type() != type && yielding) {
                unchanged.add(path);
                return;
            }
            if (there != null && there.type() != type) {
                throw new IllegalArgumentException(
                        "type: " + type + " (a " + there.type() + " of this path exists)");
            }
            NewNode wanted = newNode(json, parentPath, name, type, topicType);
            if (there != null) {
                unchanged.add(path);
            } else if (skipped.test(path)) {
                return;
            } else {
                plan.add(wanted);
            }
            JsonElement children = json.get("children");
            if (children != null && !children.isJsonNull()) {
                children(
                        children,
                        path,
                        type == NodeType.PATH ? topicType : null,
                        place + ".children");
            }
        } catch (IllegalArgumentException | ConflictException e) {
            error(place, path, e.getMessage());
        }
    }

    private NewNode newNode(
            JsonObject json,
            String parentPath,
            String name,
            NodeType type,
            @Nullable TopicType topicType) {
        boolean topic = type == NodeType.TOPIC;
        return new NewNode(
                parentPath,
                type,
                name,
                text(json, "alias"),
                new NodeLabels(
                        text(json, "displayName"),
                        text(json, "description"),
                        labels(json),
                        properties(json),
                        text(json, "isa95Level")),
                new NodePayload(
                        topicType,
                        constant(PayloadFormat.class, json, "payloadFormat", PayloadFormat.JSON),
                        topic ? model(json, topicType) : noModel(json)),
                new NodePolicy(
                        constant(ValidationMode.class, json, "validation", ValidationMode.OBSERVE),
                        bool(json, "enableHistory", false),
                        stale(json),
                        bool(json, "writable", true)));
    }

    private static NodeType nodeType(JsonObject json) {
        String type = text(json, "type");
        if (type == null) {
            if (json.has("children") && !json.has("fields")) {
                return NodeType.PATH;
            }
            throw new IllegalArgumentException("type: missing (expected: PATH or TOPIC)");
        }
        return switch (type.toUpperCase(Locale.ROOT)) {
            case "PATH", "FOLDER" -> NodeType.PATH;
            case "TOPIC", "FILE" -> NodeType.TOPIC;
            default ->
                    throw new IllegalArgumentException(
                            "type: '" + JsonText.clip(type) + "' (expected: PATH or TOPIC)");
        };
    }

    private static @Nullable TopicType topicType(
            JsonObject json, NodeType type, String name, @Nullable TopicType folder) {
        TopicType given = constant(TopicType.class, json, "topicType", null);
        if (given != null) {
            return given;
        }
        return type == NodeType.TOPIC ? folder : NodePlan.typeOfFolder(name);
    }

    private static Model noModel(JsonObject json) {
        if (json.get("fields") instanceof JsonArray fields && !fields.isEmpty()) {
            throw new IllegalArgumentException(
                    "fields: " + fields.size() + " on a PATH (expected: only a TOPIC has fields)");
        }
        return Model.ANY;
    }

    private Model model(JsonObject json, @Nullable TopicType topicType) {
        JsonElement given = json.get("fields");
        String template = text(json, "template");
        if (given == null && template != null) {
            given = templates.get(template);
            if (given == null) {
                throw new IllegalArgumentException(
                        "template: '"
                                + JsonText.clip(template)
                                + "' (expected: the name of one in Template)");
            }
        }
        List<Field> fields = new ArrayList<>();
        if (given != null && !given.isJsonNull()) {
            if (!given.isJsonArray()) {
                throw new IllegalArgumentException("fields: no array");
            }
            int index = 0;
            for (JsonElement each : given.getAsJsonArray()) {
                try {
                    if (!each.isJsonObject()) {
                        throw new IllegalArgumentException("no object");
                    }
                    fields.add(field(each.getAsJsonObject()));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "fields[" + index + "]: " + e.getMessage(), e);
                }
                index++;
            }
        }
        return new Model(
                fields,
                constant(
                        UnknownFields.class,
                        json,
                        "unknownFields",
                        defaultUnknownFields(fields, topicType)));
    }

    /**
     * Metrics have just their fields; states and actions are documents that often carry more, as
     * lists.
     */
    public static UnknownFields defaultUnknownFields(
            List<Field> fields, @Nullable TopicType topicType) {
        return topicType == TopicType.METRIC && !fields.isEmpty()
                ? UnknownFields.WARN
                : UnknownFields.ALLOW;
    }

    private static Field field(JsonObject json) {
        unknownKeys(json, FIELD_KEYS, FIELD_KEYS_PASSED_OVER);
        String name = text(json, "name");
        String type = text(json, "type");
        if (name == null || type == null) {
            throw new IllegalArgumentException((name == null ? "name" : "type") + ": missing");
        }
        Integer decimals = integer(json, "decimals");
        Integer maxLength = integer(json, "maxLength");
        String description = text(json, "description");
        FieldType fieldType = fieldType(type);
        return new Field(
                name,
                fieldType,
                bool(json, "required", false),
                bool(json, "nullable", false),
                text(json, "unit"),
                decimal(json, "min"),
                decimal(json, "max"),
                decimals == null ? integer(json, "decimal") : decimals,
                maxLength == null && fieldType == FieldType.STRING
                        ? integer(json, "maxLen")
                        : maxLength,
                texts(json, "enum"),
                text(json, "pattern"),
                text(json, "displayName"),
                description == null ? text(json, "remark") : description,
                bool(json, "coerce", false));
    }

    private static FieldType fieldType(String type) {
        return switch (type.toUpperCase(Locale.ROOT)) {
            case "INT" -> FieldType.INTEGER;
            case "BOOL" -> FieldType.BOOLEAN;
            default -> constant(FieldType.class, type, "type");
        };
    }

    private static List<String> labels(JsonObject json) {
        return json.has("labels") ? texts(json, "labels") : texts(json, "label");
    }

    private static Map<String, String> properties(JsonObject json) {
        JsonElement given = json.get("extendProperties");
        if (given == null || given.isJsonNull()) {
            return Map.of();
        }
        if (!given.isJsonObject()) {
            throw new IllegalArgumentException("extendProperties: no object");
        }
        Map<String, String> properties = new LinkedHashMap<>();
        given.getAsJsonObject()
                .entrySet()
                .forEach(
                        each ->
                                properties.put(
                                        each.getKey(),
                                        each.getValue().isJsonPrimitive()
                                                ? each.getValue().getAsString()
                                                : each.getValue().toString()));
        return properties;
    }

    private static void unknownKeys(JsonObject json, Set<String> known, Set<String> passedOver) {
        for (String key : json.keySet()) {
            if (!known.contains(key) && !passedOver.contains(key)) {
                throw new IllegalArgumentException(
                        "unknown key '" + JsonText.clip(key) + "'" + nearest(key, known));
            }
        }
    }

    private static String nearest(String key, Set<String> known) {
        return known.stream()
                .filter(
                        each ->
                                each.equalsIgnoreCase(key)
                                        || each.startsWith(key)
                                        || key.startsWith(each))
                .sorted()
                .findFirst()
                .map(each -> " (did you mean '" + each + "'?)")
                .orElse("");
    }

    private static @Nullable String text(JsonObject json, String key) {
        JsonElement value = json.get(key);
        if (value == null || value.isJsonNull()) {
            return null;
        }
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
            throw new IllegalArgumentException(key + ": no text");
        }
        return value.getAsString();
    }

    private static List<String> texts(JsonObject json, String key) {
        JsonElement value = json.get(key);
        if (value == null || value.isJsonNull()) {
            return List.of();
        }
        if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isString()) {
            String text = value.getAsString();
            return text.isBlank() ? List.of() : List.of(text);
        }
        if (!value.isJsonArray()) {
            throw new IllegalArgumentException(key + ": no array of texts");
        }
        List<String> texts = new ArrayList<>();
        for (JsonElement each : value.getAsJsonArray()) {
            if (each instanceof JsonObject object
                    && object.get("name") instanceof JsonPrimitive name) {
                texts.add(name.getAsString());
            } else if (each.isJsonPrimitive() && each.getAsJsonPrimitive().isString()) {
                texts.add(each.getAsString());
            } else {
                throw new IllegalArgumentException(key + ": no array of texts");
            }
        }
        return texts;
    }

    private static boolean bool(JsonObject json, String key, boolean otherwise) {
        JsonElement value = json.get(key);
        if (value == null || value.isJsonNull()) {
            return otherwise;
        }
        if (value.isJsonPrimitive()) {
            switch (value.getAsString().toUpperCase(Locale.ROOT)) {
                case "TRUE":
                    return true;
                case "FALSE":
                    return false;
                default:
                    break;
            }
        }
        throw new IllegalArgumentException(
                key + ": " + JsonText.clip(value.toString()) + " (expected: true or false)");
    }

    private static int stale(JsonObject json) {
        Integer seconds = integer(json, "staleAfterSeconds");
        return seconds == null ? 0 : seconds;
    }

    private static @Nullable Integer integer(JsonObject json, String key) {
        BigDecimal number = decimal(json, key);
        try {
            return number == null ? null : number.intValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    key
                            + ": "
                            + JsonText.clip(json.get(key).toString())
                            + " (expected: a whole number)",
                    e);
        }
    }

    private static @Nullable BigDecimal decimal(JsonObject json, String key) {
        JsonElement value = json.get(key);
        if (value == null || value.isJsonNull()) {
            return null;
        }
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
            throw new IllegalArgumentException(
                    key + ": " + JsonText.clip(value.toString()) + " (expected: a number)");
        }
        try {
            return value.getAsBigDecimal();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    key + ": " + JsonText.clip(value.toString()) + " (expected: a number)", e);
        }
    }

    private static <E extends Enum<E>> @Nullable E constant(
            Class<E> type, JsonObject json, String key, @Nullable E otherwise) {
        String text = text(json, key);
        return text == null || text.isEmpty() ? otherwise : constant(type, text, key);
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String text, String key) {
        for (E each : type.getEnumConstants()) {
            if (each.name().equalsIgnoreCase(text)) {
                return each;
            }
        }
        throw new IllegalArgumentException(
                key
                        + ": '"
                        + JsonText.clip(text)
                        + "' (expected: "
                        + String.join(
                                ", ",
                                Arrays.stream(type.getEnumConstants()).map(Enum::name).toList())
                        + ")");
    }

    private void error(String place, String path, @Nullable String text) {
        if (errors.size() == MAX_ERRORS) {
            moreErrors++;
            return;
        }
        errors.add(place + (path.isEmpty() ? "" : " (" + path + ")") + ": " + text);
    }

    /**
     * Writes a tree.
     *
     * @param above the nodes over it from the root, written without their other children, so that
     *     an import puts the tree where it was
     * @param top the nodes to write with all below them
     */
    public static String write(NodeTree tree, List<Node> above, List<Node> top) {
        JsonArray children = new JsonArray();
        top.forEach(node -> children.add(toJson(tree, node)));
        JsonArray roots = children;
        for (int i = above.size() - 1; i >= 0; i--) {
            JsonObject parent = plain(above.get(i));
            parent.add("children", roots);
            roots = new JsonArray();
            roots.add(parent);
        }
        JsonObject document = new JsonObject();
        document.add("namespace", roots);
        Gson gson = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
        return gson.toJson(document);
    }

    private static JsonObject toJson(NodeTree tree, Node node) {
        JsonObject json = plain(node);
        List<Node> below = tree.children(node.id());
        if (!below.isEmpty()) {
            JsonArray children = new JsonArray();
            below.forEach(child -> children.add(toJson(tree, child)));
            json.add("children", children);
        }
        return json;
    }

    private static JsonObject plain(Node node) {
        JsonObject json = new JsonObject();
        json.addProperty("name", node.name());
        json.addProperty("type", node.type().name());
        NodeJson.common(node, json);
        return json;
    }
}
