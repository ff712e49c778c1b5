package io.busbar.uns.registry.tree;

import io.busbar.api.uns.Model;
import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeLabels;
import io.busbar.api.uns.NodePayload;
import io.busbar.api.uns.NodePolicy;
import io.busbar.uns.registry.search.NodeText;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The models that nodes have: nodes with equal models have the same object. So a model, what a
 * search looks through, and what payloads are checked with, is there once for all of them, however
 * they got it. Confined to who changes the nodes.
 */
final class NodeModels {
    private final Map<Model, Use> byModel = new HashMap<>();

    /** The same, to be found without comparing fields. */
    private final Map<Model, Use> byObject = new IdentityHashMap<>();

    /** A model, and how many nodes have it. */
    private static final class Use {
        final Model model;
        final String fields;
        int nodes;

        Use(Model model) {
            this.model = model;
            this.fields = NodeText.of(model);
        }
    }

    /**
     * A node with the objects that other nodes have for what is equal: its model, and the constants
     * for what says nothing.
     */
    Node shared(Node node) {
        NodePayload payload = shared(node.payload());
        NodeLabels labels = node.labels().equals(NodeLabels.NONE) ? NodeLabels.NONE : node.labels();
        NodePolicy policy =
                node.policy().equals(NodePolicy.INHERITED) ? NodePolicy.INHERITED : node.policy();
        boolean isShared =
                payload == node.payload() && labels == node.labels() && policy == node.policy();
        return isShared ? node : new Node(node.identity(), labels, payload, policy, node.stamp());
    }

    private NodePayload shared(NodePayload payload) {
        Model own = payload.model();
        Use use = use(own);
        Model model = own.equals(Model.ANY) ? Model.ANY : use == null ? own : use.model;
        return model == own ? payload : payload.withModel(model);
    }

    private @Nullable Use use(Model model) {
        Use use = byObject.get(model);
        return use == null ? byModel.get(model) : use;
    }

    /** A node has a model, which is {@link #shared}; whether it is the first that has it. */
    boolean add(Model model) {
        Use use = use(model);
        if (use == null) {
            use = new Use(model);
            byModel.put(model, use);
            byObject.put(model, use);
        }
        return ++use.nodes == 1;
    }

    /** A node that had a model is no more; whether it was the last that had it. */
    boolean remove(Model model) {
        Use use = use(model);
        if (use == null || --use.nodes > 0) {
            return false;
        }
        byModel.remove(model);
        byObject.remove(use.model);
        return true;
    }

    /** How many nodes have a model that is equal to this one. */
    int nodes(Model model) {
        Use use = use(model);
        return use == null ? 0 : use.nodes;
    }

    /** The text of a model's fields: one object for all nodes with an equal model. */
    String fields(Model model) {
        Use use = use(model);
        return use == null ? NodeText.of(model) : use.fields;
    }
}
