package io.busbar.uns.registry.document;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.busbar.api.audit.Actor;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.uns.Node;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The namespace on disk: one document per node, so that an import is one commit and a rename one
 * document; and per deletion one document with the paths that went, which the declarative start
 * must not make again.
 */
public final class NodeDocuments {
    public static final String NODES = "uns_nodes";
    public static final String DELETED = "uns_deleted";

    private static final Logger LOG = LoggerFactory.getLogger(NodeDocuments.class);

    private final Documents documents;

    public NodeDocuments(Documents documents) {
        this.documents = documents;
    }

    /**
     * All nodes, parents before their children. Documents that cannot be read stay where they are
     * and are named in the log.
     */
    public List<Node> load() {
        Map<UUID, Document> byId = new HashMap<>();
        Map<UUID, JsonObject> parsed = new HashMap<>();
        Map<String, List<UUID>> children = new LinkedHashMap<>();
        for (Document document : documents.scan(NODES)) {
            try {
                UUID id = UUID.fromString(document.key());
                JsonObject json = JsonParser.parseString(document.json()).getAsJsonObject();
                String parent = json.has("parentId") ? json.get("parentId").getAsString() : "";
                byId.put(id, document);
                parsed.put(id, json);
                children.computeIfAbsent(parent, none -> new ArrayList<>()).add(id);
            } catch (JsonParseException | IllegalArgumentException | IllegalStateException e) {
                unreadable(document, e);
            }
        }
        List<Node> nodes = new ArrayList<>(byId.size());
        load("", "", children, parsed, byId, nodes);
        if (nodes.size() < byId.size()) {
            LOG.warn(
                    "Namespace: {} of {} nodes have no readable parent and are not shown; their"
                            + " documents are kept (collection={})",
                    byId.size() - nodes.size(),
                    byId.size(),
                    NODES);
        }
        return nodes;
    }

    private static void load(
            String parentId,
            String parentPath,
            Map<String, List<UUID>> children,
            Map<UUID, JsonObject> parsed,
            Map<UUID, Document> byId,
            List<Node> into) {
        for (UUID id : children.getOrDefault(parentId, List.of())) {
            Document document = byId.get(id);
            try {
                JsonObject json = parsed.get(id);
                String path = parentPath + json.get("name").getAsString();
                into.add(NodeJson.fromDocument(id, json, path, document.revision()));
                load(id.toString(), path + "/", children, parsed, byId, into);
            } catch (IllegalArgumentException
                    | IllegalStateException
                    | UnsupportedOperationException
                    | NullPointerException
                    | ClassCastException
                    | DateTimeException e) {
                unreadable(document, e);
            }
        }
    }

    private static void unreadable(Document document, Exception e) {
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
                JsonParser.parseString(document.json())
                        .getAsJsonObject()
                        .getAsJsonArray("paths")
                        .forEach(path -> paths.add(path.getAsString()));
            } catch (JsonParseException
                    | IllegalStateException
                    | NullPointerException
                    | ClassCastException e) {
                unreadable(document, e);
            }
        }
        return paths;
    }

    /** Writes new nodes; returns them with their revisions. */
    public List<Node> create(List<Node> nodes) {
        List<DocumentChange> changes = new ArrayList<>(nodes.size());
        for (Node node : nodes) {
            changes.add(
                    DocumentChange.create(
                            NODES, node.id().toString(), NodeJson.toDocument(node).toString()));
        }
        return withRevisions(nodes, documents.commit(changes));
    }

    /**
     * Writes changed nodes and new ones in one go.
     *
     * @param changed with the revisions they were made from
     * @param gone paths that the declarative start must not make again
     */
    public List<Node> save(
            List<Node> created,
            List<Node> changed,
            List<String> gone,
            UUID recordId,
            Instant now,
            Actor actor) {
        List<DocumentChange> changes = new ArrayList<>();
        List<Node> nodes = new ArrayList<>(created);
        for (Node node : created) {
            changes.add(
                    DocumentChange.create(
                            NODES, node.id().toString(), NodeJson.toDocument(node).toString()));
        }
        for (Node node : changed) {
            nodes.add(node);
            changes.add(
                    new DocumentChange(
                            NODES,
                            node.id().toString(),
                            NodeJson.toDocument(node).toString(),
                            node.revision()));
        }
        if (!gone.isEmpty()) {
            changes.add(deletion(gone, recordId, now, actor));
        }
        return withRevisions(nodes, documents.commit(changes));
    }

    public void delete(
            List<Node> nodes, List<String> gone, UUID recordId, Instant now, Actor actor) {
        List<DocumentChange> changes = new ArrayList<>(nodes.size() + 1);
        for (Node node : nodes) {
            changes.add(DocumentChange.delete(NODES, node.id().toString()));
        }
        if (!gone.isEmpty()) {
            changes.add(deletion(gone, recordId, now, actor));
        }
        documents.commit(changes);
    }

    private static DocumentChange deletion(
            List<String> gone, UUID recordId, Instant now, Actor actor) {
        JsonObject json = new JsonObject();
        json.addProperty("at", now.toString());
        json.addProperty("by", actor.name());
        JsonArray paths = new JsonArray(gone.size());
        gone.forEach(paths::add);
        json.add("paths", paths);
        return DocumentChange.create(DELETED, recordId.toString(), json.toString());
    }

    private static List<Node> withRevisions(List<Node> nodes, List<Document> written) {
        List<Node> result = new ArrayList<>(nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            result.add(node.withStamp(node.stamp().withRevision(written.get(i).revision())));
        }
        return result;
    }
}
