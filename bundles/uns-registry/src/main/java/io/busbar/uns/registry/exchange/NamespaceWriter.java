package io.busbar.uns.registry.exchange;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.PayloadFormat;
import io.busbar.api.uns.TopicType;
import io.busbar.api.uns.UnknownFields;
import io.busbar.api.uns.ValidationMode;
import io.busbar.json.Json;
import io.busbar.json.JsonMapper;
import io.busbar.json.OptionalKey;
import io.busbar.uns.registry.document.FieldDocument;
import io.busbar.uns.registry.tree.NodeTree;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes trees of nodes as a document that {@link NamespaceReader} reads. */
public final class NamespaceWriter {
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .text(PayloadFormat.class, PayloadFormat::new, PayloadFormat::name)
                    .build();

    private NamespaceWriter() {}

    /**
     * A node as it is written; what has its default is left out.
     *
     * @param unknownFields null = what an import takes if nothing is said
     */
    private record Entry(
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
            @OptionalKey @Nullable UnknownFields unknownFields,
            @OptionalKey("OBSERVE") ValidationMode validation,
            @OptionalKey boolean enableHistory,
            @OptionalKey int staleAfterSeconds,
            @OptionalKey("true") boolean writable) {

        static Entry of(Node node) {
            Model model = node.payload().model();
            boolean says = node.type() == NodeType.TOPIC && !model.equals(Model.ANY);
            return new Entry(
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
                    model.fields().stream().map(FieldDocument::of).toList(),
                    says ? model.unknownFields() : null,
                    node.policy().validation(),
                    node.policy().enableHistory(),
                    node.policy().staleAfterSeconds(),
                    node.policy().writable());
        }
    }

    /**
     * Writes a tree.
     *
     * @param above the nodes over it from the root, written without their other children, so that
     *     an import puts the tree where it was
     * @param top the nodes to write with all below them
     */
    public static String write(NodeTree tree, List<Node> above, List<Node> top) {
        JsonArray children = withAllBelow(tree, top);
        for (int i = above.size() - 1; i >= 0; i--) {
            JsonObject parent = entry(above.get(i));
            parent.add("children", children);
            children = new JsonArray();
            children.add(parent);
        }
        JsonObject document = new JsonObject();
        document.add("namespace", children);
        return Json.writePretty(document);
    }

    private static JsonArray withAllBelow(NodeTree tree, List<Node> nodes) {
        JsonArray entries = new JsonArray(nodes.size());
        for (Node node : nodes) {
            JsonObject entry = entry(node);
            List<Node> below = tree.children(node.id());
            if (!below.isEmpty()) {
                entry.add("children", withAllBelow(tree, below));
            }
            entries.add(entry);
        }
        return entries;
    }

    private static JsonObject entry(Node node) {
        return MAPPER.toTree(Entry.of(node)).getAsJsonObject();
    }
}
