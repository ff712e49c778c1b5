package io.busbar.api.uns;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A change of a node, said as functions of what the node is. They run when no other change can come
 * in between, so nothing that somebody else has changed is lost. What they leave alone stays. They
 * must be quick and have no effect of their own. The topic type stays: it is part of the path.
 *
 * @param name the new name, which moves everything below as well; null = as it is
 */
public record NodeChange(
        @Nullable String name,
        UnaryOperator<NodeLabels> labels,
        UnaryOperator<NodePayload> payload,
        UnaryOperator<NodePolicy> policy) {

    /** Only another name. */
    public static NodeChange ofName(String name) {
        return new NodeChange(
                name, UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity());
    }

    /** Only other labels. */
    public static NodeChange ofLabels(UnaryOperator<NodeLabels> labels) {
        return new NodeChange(null, labels, UnaryOperator.identity(), UnaryOperator.identity());
    }

    /** Only another payload. */
    public static NodeChange ofPayload(UnaryOperator<NodePayload> payload) {
        return new NodeChange(null, UnaryOperator.identity(), payload, UnaryOperator.identity());
    }

    /** Only another policy. */
    public static NodeChange ofPolicy(UnaryOperator<NodePolicy> policy) {
        return new NodeChange(null, UnaryOperator.identity(), UnaryOperator.identity(), policy);
    }

    /** The node after the change, with the same stamp. */
    public Node applyTo(Node node) {
        return new Node(
                name == null ? node.identity() : node.identity().withName(name),
                labels.apply(node.labels()),
                payload.apply(node.payload()),
                policy.apply(node.policy()),
                node.stamp());
    }
}
