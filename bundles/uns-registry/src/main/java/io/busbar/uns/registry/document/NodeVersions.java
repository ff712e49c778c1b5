package io.busbar.uns.registry.document;

import com.google.gson.JsonObject;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Earlier versions of nodes in the document store: one document for each, by id and revision, so
 * that writing one needs no reading. They are written in the commit of the next version.
 */
public final class NodeVersions {
    private static final String COLLECTION = "uns_node_versions";
    private static final Logger LOG = LoggerFactory.getLogger(NodeVersions.class);

    private final Documents documents;
    private final UnaryOperator<Model> templates;

    /**
     * Reads them from a store.
     *
     * @param templates puts the fields of the template that a model pins before its own
     */
    public NodeVersions(Documents documents, UnaryOperator<Model> templates) {
        this.documents = documents;
        this.templates = templates;
    }

    private record Stored(String path, NodeDocument node) {}

    /**
     * A version of a node.
     *
     * @param node with the path that it had
     * @param parentId of the node that it was below; null at the root
     * @param facts what was said of it, but for its place and stamp
     */
    public record Version(Node node, @Nullable UUID parentId, JsonObject facts) {
        private static Version of(Node node, @Nullable UUID parentId) {
            return new Version(node, parentId, NodeDocument.withoutPlaceAndStamp(node));
        }

        /** Whether it is at the place of another: what is above may have been renamed since. */
        public boolean hasPlaceOf(Version other) {
            return node.name().equals(other.node.name())
                    && Objects.equals(parentId, other.parentId);
        }
    }

    /** The changes that keep a version which gets a next one; the oldest goes. */
    public static Stream<DocumentChange> keep(Node before) {
        DocumentChange put =
                DocumentChange.put(
                        COLLECTION,
                        key(before.id(), before.revision()),
                        NodeDocument.MAPPER.write(
                                new Stored(before.path(), NodeDocument.of(before))));
        long old = before.revision() - NodeHistory.KEPT;
        return old < 1
                ? Stream.of(put)
                : Stream.of(put, DocumentChange.delete(COLLECTION, key(before.id(), old)));
    }

    /** The changes that let go of all versions of a node which goes. */
    public static Stream<DocumentChange> removal(Node node) {
        long last = node.revision() - 1;
        return LongStream.rangeClosed(Math.max(1, last - NodeHistory.KEPT + 1), last)
                .mapToObj(each -> DocumentChange.delete(COLLECTION, key(node.id(), each)));
    }

    /** The versions of a node that are kept and can be read, the one of now first. */
    public List<Version> read(Node now) {
        List<Version> versions = new ArrayList<>();
        versions.add(Version.of(now, now.identity().parentId()));
        for (long each = now.revision() - 1;
                each >= Math.max(1, now.revision() - NodeHistory.KEPT);
                each--) {
            version(now.id(), each).ifPresent(versions::add);
        }
        return versions;
    }

    /** A version of a node, if it is kept and can be read. */
    public Optional<Node> read(UUID id, long revision) {
        return version(id, revision).map(Version::node);
    }

    private Optional<Version> version(UUID id, long revision) {
        return documents
                .get(COLLECTION, key(id, revision))
                .flatMap(document -> version(document, id, revision));
    }

    private Optional<Version> version(Document document, UUID id, long revision) {
        try {
            Stored stored = NodeDocument.MAPPER.read(document.json(), Stored.class);
            Node node = stored.node().toNode(id, null, revision, new Interner(), templates);
            return Optional.of(
                    Version.of(
                            node.withIdentity(node.identity().withPath(stored.path())),
                            stored.node().parentId()));
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "Namespace: a version of a node cannot be read and is not shown"
                            + " (collection={}, key={})",
                    COLLECTION,
                    document.key(),
                    e);
            return Optional.empty();
        }
    }

    private static String key(UUID id, long revision) {
        return String.format(Locale.ROOT, "%s.%010d", id, revision);
    }
}
