package io.busbar.uns.registry.document;

import io.busbar.api.audit.Actor;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.uns.Node;
import io.busbar.json.JsonException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
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

    /** A node that was read and whose path is not known yet. */
    private record Loaded(UUID id, NodeDocument node, long revision) {}

    /**
     * All nodes, parents before their children. Documents that cannot be read stay where they are
     * and are named in the log.
     */
    public List<Node> load() {
        Map<@Nullable UUID, List<Loaded>> children = new LinkedHashMap<>();
        int readable = 0;
        for (Document document : documents.scan(NODES)) {
            try {
                UUID id = UUID.fromString(document.key());
                NodeDocument node = NodeDocument.MAPPER.read(document.json(), NodeDocument.class);
                children.computeIfAbsent(node.parentId(), none -> new ArrayList<>())
                        .add(new Loaded(id, node, document.revision()));
                readable++;
            } catch (IllegalArgumentException e) {
                unreadable(document, e);
            }
        }
        List<Node> nodes = new ArrayList<>(readable);
        place(null, "", children, nodes);
        if (nodes.size() < readable) {
            LOG.warn(
                    "Namespace: {} of {} nodes have no readable parent and are not shown; their"
                            + " documents are kept (collection={})",
                    readable - nodes.size(),
                    readable,
                    NODES);
        }
        return nodes;
    }

    private static void place(
            @Nullable UUID parentId,
            String prefix,
            Map<@Nullable UUID, List<Loaded>> children,
            List<Node> into) {
        for (Loaded each : children.getOrDefault(parentId, List.of())) {
            String path = prefix + each.node().name();
            into.add(each.node().toNode(each.id(), path, each.revision()));
            place(each.id(), path + "/", children, into);
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
        for (Document document : documents.scan(DELETED)) {
            try {
                paths.addAll(NodeDocument.MAPPER.read(document.json(), Deletion.class).paths());
            } catch (JsonException e) {
                unreadable(document, e);
            }
        }
        return paths;
    }

    /** Writes new nodes in one go; returns them with their revisions. */
    public List<Node> create(List<Node> nodes) {
        List<DocumentChange> changes = new ArrayList<>(nodes.size());
        for (Node node : nodes) {
            changes.add(DocumentChange.create(NODES, node.id().toString(), json(node)));
        }
        List<Document> written = documents.commit(changes);
        List<Node> result = new ArrayList<>(nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            result.add(withRevision(nodes.get(i), written.get(i)));
        }
        return result;
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
        List<DocumentChange> changes = new ArrayList<>(nodes.size() + 1);
        for (Node node : nodes) {
            changes.add(DocumentChange.delete(NODES, node.id().toString()));
        }
        record(gone, recordId, now, actor, changes);
        documents.commit(changes);
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
