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
     * @param others what else is to be written, or not, with them
     */
    public void write(List<Node> nodes, List<DocumentChange> others) {
        documents.commitEach(
                () ->
                        Stream.concat(nodes.stream().map(NodeDocuments::change), others.stream())
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
     * @param node with the revision that it was made from
     * @param gone paths that the declarative start must not make again
     * @return the node with its new revision
     */
    public Node save(Node node, List<String> gone, UUID recordId, Instant now, Actor actor) {
        List<DocumentChange> changes = new ArrayList<>();
        changes.add(new DocumentChange(NODES, node.id().toString(), json(node), node.revision()));
        record(gone, recordId, now, actor, changes);
        return withRevision(node, documents.commit(changes).get(0));
    }

    /** Deletes nodes in one go. */
    public void delete(
            List<Node> nodes, List<String> gone, UUID recordId, Instant now, Actor actor) {
        List<DocumentChange> record = new ArrayList<>();
        record(gone, recordId, now, actor, record);
        documents.commitEach(
                () ->
                        Stream.concat(
                                        nodes.stream()
                                                .map(
                                                        node ->
                                                                DocumentChange.delete(
                                                                        NODES,
                                                                        node.id().toString())),
                                        record.stream())
                                .iterator());
    }

    private static void record(
            List<String> gone,
            UUID recordId,
            Instant now,
            Actor actor,
            List<DocumentChange> changes) {
        if (!gone.isEmpty()) {
            Deletion deletion = new Deletion(now, actor.name(), gone);
            changes.add(
                    DocumentChange.create(
                            DELETED, recordId.toString(), NodeDocument.MAPPER.write(deletion)));
        }
    }
}
