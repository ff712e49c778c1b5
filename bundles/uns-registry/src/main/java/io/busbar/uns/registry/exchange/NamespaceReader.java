package io.busbar.uns.registry.exchange;

import static io.busbar.uns.registry.exchange.LooseJson.bool;
import static io.busbar.uns.registry.exchange.LooseJson.constant;
import static io.busbar.uns.registry.exchange.LooseJson.integer;
import static io.busbar.uns.registry.exchange.LooseJson.text;
import static io.busbar.uns.registry.exchange.LooseJson.textMap;
import static io.busbar.uns.registry.exchange.LooseJson.texts;
import static io.busbar.uns.registry.exchange.LooseJson.unknownKeys;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.NewNode;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeLabels;
import io.busbar.api.uns.NodePayload;
import io.busbar.api.uns.NodePolicy;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.ValidationMode;
import io.busbar.json.Json;
import io.busbar.json.JsonException;
import io.busbar.uns.registry.payload.JsonText;
import io.busbar.uns.registry.tree.NodePlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads documents in Tier0's two formats and plans the nodes to create. Keys of Tier0 that Busbar
 * does not use are ignored. Any other unknown key is an error: if a misspelt limit were ignored,
 * nobody would notice. Confined to one thread.
 */
public final class NamespaceReader {
    public static final int MAX_NODES = 100_000;
    private static final int MAX_ERRORS = 100;
    private static final int MAX_DEPTH = 256;

    /** A node with its fields and their texts is some tens of values. */
    private static final int MAX_VALUES = 50 * MAX_NODES;

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

    private final NodePlan plan;
    private final Function<String, PayloadFormat> formats;
    private final Predicate<String> skipped;
    private final boolean yielding;
    private final List<String> unchanged = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private final ModelReader models = new ModelReader();
    private final Set<String> seen = new HashSet<>();
    private int nodes;
    private int moreErrors;

    private NamespaceReader(
            NodePlan plan,
            Function<String, PayloadFormat> formats,
            Predicate<String> skipped,
            boolean yielding) {
        this.plan = plan;
        this.formats = formats;
        this.skipped = skipped;
        this.yielding = yielding;
    }

    /**
     * Reads into a plan for a person who wants it done.
     *
     * @param formats the payload formats that can be read; others are errors
     */
    public static NamespaceReader forPerson(NodePlan plan, List<PayloadFormat> formats) {
        return new NamespaceReader(plan, name -> known(name, formats), path -> false, false);
    }

    /**
     * Reads into a plan for the declarative start, which yields to what people have done. Payload
     * formats may be ones whose reader starts later.
     *
     * @param deleted paths that are not made if they do not exist, nor anything below them
     */
    public static NamespaceReader forStart(NodePlan plan, Predicate<String> deleted) {
        return new NamespaceReader(
                plan, name -> new PayloadFormat(name.toUpperCase(Locale.ROOT)), deleted, true);
    }

    private static PayloadFormat known(String name, List<PayloadFormat> formats) {
        for (PayloadFormat each : formats) {
            if (each.name().equalsIgnoreCase(name)) {
                return each;
            }
        }
        throw new IllegalArgumentException(
                "payloadFormat: '"
                        + JsonText.clip(name)
                        + "' (expected: "
                        + String.join(", ", formats.stream().map(PayloadFormat::name).toList())
                        + ")");
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

    private @Nullable JsonObject parse(String text) {
        JsonElement json;
        try {
            json = Json.parse(text, MAX_DEPTH, MAX_VALUES);
        } catch (JsonException e) {
            String at = "line " + e.line() + ", column " + e.column();
            error("the document", at, e.reason());
            return null;
        }
        if (!json.isJsonObject()) {
            error(
                    "the document",
                    "",
                    "is no object (expected: {\"namespace\":[…]} or {\"UNS\":[…]})");
            return null;
        }
        return json.getAsJsonObject();
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
        if (root.get("Template") instanceof JsonArray templates) {
            models.templates(templates);
        } else if (root.has("Template")) {
            error("Template", "", "no array");
        }
        for (String key : List.of("namespace", "UNS")) {
            if (root.has(key)) {
                children(root.get(key), "", null, key);
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
        String format = text(json, "payloadFormat");
        Integer staleAfterSeconds = integer(json, "staleAfterSeconds");
        return new NewNode(
                parentPath,
                type,
                name,
                text(json, "alias"),
                new NodeLabels(
                        text(json, "displayName"),
                        text(json, "description"),
                        texts(json, json.has("labels") ? "labels" : "label"),
                        textMap(json, "extendProperties"),
                        text(json, "isa95Level")),
                new NodePayload(
                        topicType,
                        format == null || format.isEmpty()
                                ? PayloadFormat.JSON
                                : formats.apply(format),
                        topic ? models.model(json, topicType) : ModelReader.noModel(json)),
                new NodePolicy(
                        constant(ValidationMode.class, json, "validation", ValidationMode.OBSERVE),
                        bool(json, "enableHistory", false),
                        staleAfterSeconds == null ? 0 : staleAfterSeconds,
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

    private void error(String place, String path, @Nullable String text) {
        if (errors.size() == MAX_ERRORS) {
            moreErrors++;
            return;
        }
        errors.add(place + (path.isEmpty() ? "" : " (" + path + ")") + ": " + text);
    }
}
