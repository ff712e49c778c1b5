package io.busbar.uns.registry.history;

import io.busbar.api.audit.Actor;
import io.busbar.api.storage.Documents;
import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeChange;
import io.busbar.api.uns.NodeDifference;
import io.busbar.api.uns.NodeHistory;
import io.busbar.api.uns.NodeVersion;
import io.busbar.uns.registry.document.NodeVersions;
import io.busbar.uns.registry.document.NodeVersions.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The history of nodes as people see it. Thread-safe. */
public final class Versions implements NodeHistory {
    private final NodeVersions versions;
    private final Function<UUID, Node> nodes;
    private final Changes changes;

    /** Changes a node. */
    @FunctionalInterface
    public interface Changes {
        /** See {@link io.busbar.api.uns.Namespace#update}. */
        Node update(UUID id, long expectedRevision, NodeChange change, Actor actor);
    }

    /**
     * Shows what a store has.
     *
     * @param templates puts the fields of the template that a model pins before its own
     * @param nodes the node of an id; throws if there is none
     */
    public Versions(
            Documents documents,
            UnaryOperator<Model> templates,
            Function<UUID, Node> nodes,
            Changes changes) {
        this.versions = new NodeVersions(documents, templates);
        this.nodes = nodes;
        this.changes = changes;
    }

    @Override
    public List<NodeVersion> of(UUID id) {
        List<Version> all = versions.read(nodes.apply(id));
        List<NodeVersion> shown = new ArrayList<>(all.size());
        for (int i = 0; i < all.size(); i++) {
            Node node = all.get(i).node();
            shown.add(
                    new NodeVersion(
                            node.revision(),
                            node.stamp().updatedAt(),
                            node.stamp().updatedBy(),
                            i + 1 < all.size()
                                    ? differences(all.get(i + 1), all.get(i))
                                    : List.of()));
        }
        return shown;
    }

    private static List<NodeDifference> differences(Version before, Version after) {
        List<NodeDifference> found = new ArrayList<>();
        if (!before.hasPlaceOf(after)) {
            found.add(new NodeDifference("path", before.node().path(), after.node().path()));
        }
        for (NodeDifference each : Differences.between(before.facts(), after.facts())) {
            if (!each.key().equals("name")) { // It is the end of the path.
                found.add(each);
            }
        }
        return found;
    }

    @Override
    public Node putBack(UUID id, long expectedRevision, long revision, Actor actor) {
        Node now = nodes.apply(id);
        Node old =
                versions.read(id, revision)
                        .filter(each -> revision < now.revision())
                        .orElseThrow(
                                () ->
                                        new NoSuchElementException(
                                                "revision: "
                                                        + revision
                                                        + " (no such version is kept)"));
        return changes.update(
                id,
                expectedRevision,
                new NodeChange(
                        null,
                        labels -> old.labels(),
                        payload -> old.payload().withWireTopic(payload.wireTopic()),
                        policy -> old.policy()),
                actor);
    }
}
