package io.busbar.uns.registry.document;

import io.busbar.api.audit.Actor;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import io.busbar.json.JsonException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The namespace in the document store. Each node is one document, so an import is one commit and a
 * rename changes one document. Each deletion leaves a document with the deleted paths, so that the
 * bootstrap file does not create these nodes again.
 */
public final class NodeDocuments {
    private static final String NODES = "uns_nodes";
    private static final String DELETED = "uns_deleted";

    /** A document of many more paths cannot be read. */
    private static final int MOST_PATHS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(NodeDocuments.class);

    private final Documents documents;

    /** Keeps the nodes in a store of documents. */
    public NodeDocuments(Documents documents) {
        this.documents = documents;
    }

    /** A deletion: who did it, when, and the paths that went. */
    private record Deletion(Instant at, String by, List<String> paths) {}

    /**
     * All nodes, parents before their children. Documents that cannot be read stay where they are
     * and are named in the log.
     *
     * @param templates puts the fields of the template that a model pins before its own
     */
    public List<Node> load(UnaryOperator<Model> templates) {
        Loading loading = new Loading(templates);
        documents.scan(NODES, loading::read);
        loading.end();
        return loading.nodes;
    }

    /**
     * Makes nodes of documents as they come. Ids sort by time, so nearly every parent comes before
     * its children; who comes too early waits.
     */
    private static final class Loading {
        final List<Node> nodes = new ArrayList<>();
        private final Map<UUID, Node> paths = new HashMap<>();
        private final Map<UUID, List<Early>> waiting = new HashMap<>();
        private final Interner interner = new Interner();
        private final UnaryOperator<Model> templates;
        private int readable;

        Loading(UnaryOperator<Model> templates) {
            this.templates = templates;
        }

        private record Early(UUID id, NodeDocument document, long revision) {}

        void read(Document document) {
            try {
                UUID id = UUID.fromString(document.key());
                NodeDocument node = NodeDocument.MAPPER.read(document.json(), NodeDocument.class);
                UUID parentId = node.parentId();
                Node parent = parentId == null ? null : paths.get(parentId);
                if (parent == null && parentId != null) {
                    waiting.computeIfAbsent(parentId, none -> new ArrayList<>())
                            .add(new Early(id, node, document.revision()));
                } else {
                    place(node.toNode(id, parent, document.revision(), interner, templates));
                }
                readable++;
            } catch (IllegalArgumentException e) {
                unreadable(document, e);
            }
        }

        private void place(Node node) {
            nodes.add(node);
            if (node.type() == NodeType.PATH) {
                paths.put(node.id(), node);
                placeBelow(node);
            }
        }

        private void placeBelow(Node parent) {
            List<Early> below = waiting.isEmpty() ? null : waiting.remove(parent.id());
            if (below != null) {
                for (Early each : below) {
                    place(
                            each.document()
                                    .toNode(
                                            each.id(),
                                            parent,
                                            each.revision(),
                                            interner,
                                            templates));
                }
            }
        }

        /** Places what is below topics, which are not looked for before: few have children. */
        void end() {
            for (int i = 0; i < nodes.size() && !waiting.isEmpty(); i++) {
                placeBelow(nodes.get(i));
            }
            if (nodes.size() < readable) {
                LOG.warn(
                        "Namespace: {} of {} nodes have no readable parent and are not shown; their"
                                + " documents are kept (collection={})",
                        readable - nodes.size(),
                        readable,
                        NODES);
            }
        }
    }

    private static void unreadable(Document document, IllegalArgumentException e) {
        LOG.warn(
                "Namespace: a node cannot be read and is not shown; its document is kept"
                        + " (collection={}, key={})",
                document.collection(),
                document.key(),
                e);
    }

    /** The paths that people have deleted or renamed away. */
    public Set<String> deletedPaths() {
        Set<String> paths = new HashSet<>();
        documents.scan(
                DELETED,
                document -> {
                    try {
                        paths.addAll(
                                NodeDocument.MAPPER.read(document.json(), Deletion.class).paths());
                    } catch (JsonException e) {
                        unreadable(document, e);
                    }
                });
        return paths;
    }

    /**
     * Writes nodes in one go; each has the revision already that it gets: 1 if it is new.
     *
     * @param replaced the versions that get a next one, to be kept
     * @param others what else is to be written, or not, with them
     */
    public void write(List<Node> nodes, List<Node> replaced, List<DocumentChange> others) {
        documents.commitEach(
                () ->
                        // Not one flatMap over the three: it would make all documents at once.
                        Stream.concat(
                                        nodes.stream().map(NodeDocuments::change),
                                        Stream.concat(
                                                replaced.stream().flatMap(NodeVersions::keep),
                                                others.stream()))
                                .iterator());
    }

    private static DocumentChange change(Node node) {
        return new DocumentChange(NODES, node.id().toString(), json(node), node.revision() - 1);
    }

    private static String json(Node node) {
        return NodeDocument.MAPPER.write(NodeDocument.of(node));
    }

    private static Node withRevision(Node node, Document written) {
        return node.withStamp(node.stamp().withRevision(written.revision()));
    }

    /**
     * Writes another version of a node.
     *
     * @param before the version that it was made from
     * @param node with the revision of that
     * @return the node with its new revision
     */
    public Node save(Node before, Node node) {
        List<DocumentChange> changes = new ArrayList<>();
        changes.add(new DocumentChange(NODES, node.id().toString(), json(node), node.revision()));
        NodeVersions.keep(before).forEach(changes::add);
        return withRevision(node, documents.commit(changes).get(0));
    }

    /**
     * Deletes nodes in one go.
     *
     * @param others what else is to be written, or not, with it; asked for once
     */
    public void delete(List<Node> nodes, Stream<DocumentChange> others) {
        documents.commitEach(
                () ->
                        Stream.concat(nodes.stream().flatMap(NodeDocuments::removal), others)
                                .iterator());
    }

    private static Stream<DocumentChange> removal(Node node) {
        return Stream.concat(
                Stream.of(DocumentChange.delete(NODES, node.id().toString())),
                NodeVersions.removal(node));
    }

    /**
     * The changes which say that the declarative start must not make some paths again.
     *
     * @param recordId the key of their document, and what those of its others begin with
     */
    public static List<DocumentChange> gone(
            List<String> paths, UUID recordId, Instant now, Actor actor) {
        List<DocumentChange> changes = new ArrayList<>();
        for (int from = 0; from < paths.size(); from += MOST_PATHS) {
            List<String> some = paths.subList(from, Math.min(paths.size(), from + MOST_PATHS));
            changes.add(
                    DocumentChange.create(
                            DELETED,
                            from == 0 ? recordId.toString() : recordId + "." + from / MOST_PATHS,
                            NodeDocument.MAPPER.write(new Deletion(now, actor.name(), some))));
        }
        return changes;
    }
}
