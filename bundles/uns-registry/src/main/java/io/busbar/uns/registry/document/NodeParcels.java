package io.busbar.uns.registry.document;

import io.busbar.api.uns.Field;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeLabels;
import io.busbar.json.JsonException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * A branch of nodes as documents of some hundred nodes each, parents before their children: what is
 * kept of deleted ones. Paths are not in them: those that are read begin with the node that was
 * deleted.
 */
public final class NodeParcels {
    private static final int MOST_NODES = 200;

    /** A document of many more values cannot be read: see {@link JsonException}. */
    private static final int MOST_VALUES = 20_000;

    /** Values that a node has beside those of its model and labels, and a field, at most. */
    private static final int NODE_VALUES = 32;

    private static final int FIELD_VALUES = 16;

    private NodeParcels() {}

    private record Entry(UUID id, NodeDocument node) {}

    private record Parcel(List<Entry> nodes) {}

    /** Cuts a branch into pieces, each of which is one document. */
    public static List<List<Node>> cut(List<Node> branch) {
        List<List<Node>> pieces = new ArrayList<>();
        int from = 0;
        int values = 0;
        for (int i = 0; i < branch.size(); i++) {
            int more = values(branch.get(i));
            if (i > from && (i - from == MOST_NODES || values + more > MOST_VALUES)) {
                pieces.add(branch.subList(from, i));
                from = i;
                values = 0;
            }
            values += more;
        }
        pieces.add(branch.subList(from, branch.size()));
        return pieces;
    }

    private static int values(Node node) {
        NodeLabels labels = node.labels();
        int values = NODE_VALUES + labels.labels().size() + labels.extendProperties().size();
        for (Field field : node.payload().model().fields()) {
            values += FIELD_VALUES + field.allowed().size();
        }
        return values;
    }

    /** The document of a piece. */
    public static String write(List<Node> piece) {
        List<Entry> entries = new ArrayList<>(piece.size());
        for (Node each : piece) {
            entries.add(new Entry(each.id(), NodeDocument.of(each)));
        }
        return NodeDocument.MAPPER.write(new Parcel(entries));
    }

    /** Reads the documents of a branch, in their order. */
    public static final class Reading {
        private final List<Node> nodes = new ArrayList<>();
        private final Map<UUID, Node> byId = new HashMap<>();
        private final Interner interner = new Interner();
        private final UnaryOperator<Model> templates;

        /**
         * Begins.
         *
         * @param templates puts the fields of the template that a model pins before its own
         */
        public Reading(UnaryOperator<Model> templates) {
            this.templates = templates;
        }

        /**
         * Reads the next one.
         *
         * @throws IllegalArgumentException if it cannot be read
         */
        public void add(String json) {
            for (Entry each : NodeDocument.MAPPER.read(json, Parcel.class).nodes()) {
                UUID parentId = each.node().parentId();
                Node parent = parentId == null ? null : byId.get(parentId);
                Node node = each.node().toNode(each.id(), parent, 0, interner, templates);
                nodes.add(node);
                byId.put(node.id(), node);
            }
        }

        /** What was read so far. */
        public List<Node> nodes() {
            return nodes;
        }
    }
}
