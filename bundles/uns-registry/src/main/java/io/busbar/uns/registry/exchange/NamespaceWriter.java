package io.busbar.uns.registry.exchange;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.busbar.api.uns.Node;
import io.busbar.json.Json;
import io.busbar.uns.registry.document.NodeDocument;
import io.busbar.uns.registry.tree.NodeTree;
import java.util.List;

/** Writes trees of nodes as a document that {@link NamespaceReader} reads. */
public final class NamespaceWriter {
    private NamespaceWriter() {}

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
            JsonObject parent = NodeDocument.withoutPlaceAndStamp(above.get(i));
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
            JsonObject entry = NodeDocument.withoutPlaceAndStamp(node);
            List<Node> below = tree.children(node.id());
            if (!below.isEmpty()) {
                entry.add("children", withAllBelow(tree, below));
            }
            entries.add(entry);
        }
        return entries;
    }
}
