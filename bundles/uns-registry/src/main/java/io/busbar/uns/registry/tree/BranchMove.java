package io.busbar.uns.registry.tree;

import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeIdentity;
import io.busbar.api.uns.NodeStamp;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.RefusedException;
import io.busbar.uns.registry.payload.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A node that gets another path, and all below it with it: as they are, and as they will be. It is
 * checked as a whole before anything is written.
 *
 * @param before the node and all below it, parents first
 * @param after the same in the same order; those whose documents change have their next revision
 */
public record BranchMove(List<Node> before, List<Node> after) {
    /**
     * Plans a move.
     *
     * @param root the node as it will be, with the revision that it has
     * @param there whether there will be a node at a path before anything moves
     * @param keepTopics whether devices go on publishing the topics of now
     * @throws IllegalArgumentException if it would come below itself, or too deep
     * @throws io.busbar.api.storage.ConflictException if a path or a topic belongs to another node
     */
    public static BranchMove of(
            NodeTree tree, Node root, Predicate<String> there, boolean keepTopics) {
        List<Node> before = tree.subtree(root.id());
        String from = before.get(0).path();
        String to = root.path();
        if (to.startsWith(from + "/")) {
            throw belowItself(before.get(0));
        }
        if (there.test(to)) {
            throw NodePlan.pathExists(to);
        }
        boolean sameName = root.name().equals(before.get(0).name());
        List<Node> after = new ArrayList<>(before.size());
        for (Node each : before) {
            boolean isRoot = each.id().equals(root.id());
            Node moved = isRoot ? root : each.withIdentity(moved(each, from, to));
            // Names that are there already may stay as they are, wherever they go.
            NodeRules.checkPath(
                    moved.path(),
                    level ->
                            level.startsWith(to + "/")
                                    || level.equals(to) && sameName
                                    || there.test(level));
            String wireTopic = wireTopic(each, moved, keepTopics);
            boolean changes = !Objects.equals(wireTopic, moved.payload().wireTopic());
            if (changes) {
                moved = moved.withPayload(moved.payload().withWireTopic(wireTopic));
            }
            requireFree(tree, moved);
            after.add(isRoot || changes ? moved.withStamp(next(moved, root.stamp())) : moved);
        }
        return new BranchMove(before, after);
    }

    /** Says that a node cannot come below itself. */
    public static RefusedException belowItself(Node node) {
        return new RefusedException(
                "path: '" + node.path() + "' cannot come below itself",
                Reason.Code.BELOW_ITSELF,
                "node",
                JsonText.clip(node.path()));
    }

    private static NodeIdentity moved(Node node, String from, String to) {
        return node.identity().withPath(to + node.path().substring(from.length()));
    }

    /** The wire topic of a node at its new place: none if it is called as its path. */
    private static @Nullable String wireTopic(Node before, Node moved, boolean keepTopics) {
        boolean keeps = keepTopics && before.type() == NodeType.TOPIC;
        String topic = keeps ? before.topic() : moved.payload().wireTopic();
        return moved.path().equals(topic) ? null : topic;
    }

    /** The next revision, by who moves the root. */
    private static NodeStamp next(Node node, NodeStamp by) {
        NodeStamp own = node.stamp();
        return new NodeStamp(
                own.createdAt(),
                own.createdBy(),
                by.updatedAt(),
                by.updatedBy(),
                own.revision() + 1);
    }

    private static void requireFree(NodeTree tree, Node node) {
        Node other = node.type() == NodeType.TOPIC ? tree.byTopic(node.topic()) : null;
        if (other != null && !other.id().equals(node.id())) {
            throw NodePlan.taken(node.topic(), other);
        }
    }

    /** The nodes whose documents change: a path is in no document. */
    public List<Node> written() {
        return changing(after);
    }

    /** The same as they are. */
    public List<Node> replaced() {
        return changing(before);
    }

    private List<Node> changing(List<Node> of) {
        List<Node> changing = new ArrayList<>();
        for (int i = 0; i < of.size(); i++) {
            if (after.get(i).revision() != before.get(i).revision()) {
                changing.add(of.get(i));
            }
        }
        return changing;
    }
}
