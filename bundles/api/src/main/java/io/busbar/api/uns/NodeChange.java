package io.busbar.api.uns;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A change of a node. Labels, payload and policy are changed by functions, which get the current
 * value and return the new one. They run while no other change is possible, so no change by
 * somebody else is lost. The functions must be fast and have no side effects. The topic type cannot
 * be changed, because it is part of the path.
 *
 * @param name the new name, which also changes the paths of all nodes below; null = unchanged
 * @param labels changes the labels
 * @param payload changes the payload
 * @param policy changes the policy
 */
public record NodeChange(
        @Nullable String name,
        UnaryOperator<NodeLabels> labels,
        UnaryOperator<NodePayload> payload,
        UnaryOperator<NodePolicy> policy) {

    /** A change of the name only. */
    public static NodeChange ofName(String name) {
        return new NodeChange(
                name, UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity());
    }

    /** A change of the labels only. */
    public static NodeChange ofLabels(UnaryOperator<NodeLabels> labels) {
        return new NodeChange(null, labels, UnaryOperator.identity(), UnaryOperator.identity());
    }

    /** A change of the payload only. */
    public static NodeChange ofPayload(UnaryOperator<NodePayload> payload) {
        return new NodeChange(null, UnaryOperator.identity(), payload, UnaryOperator.identity());
    }

    /** A change of the policy only. */
    public static NodeChange ofPolicy(UnaryOperator<NodePolicy> policy) {
        return new NodeChange(null, UnaryOperator.identity(), UnaryOperator.identity(), policy);
    }

    /** Returns the node after the change. Its stamp stays the same. */
    public Node applyTo(Node node) {
        return new Node(
                name == null ? node.identity() : node.identity().withName(name),
                labels.apply(node.labels()),
                payload.apply(node.payload()),
                policy.apply(node.policy()),
                node.stamp());
    }
}
