package io.busbar.uns.registry.tree;

import io.busbar.api.uns.Model;
import io.busbar.uns.registry.search.NodeText;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The models that nodes have. Many nodes have the same object, and more of them an equal one: what
 * a search looks through, and what payloads are checked with, is there once for all equal ones.
 * Confined to who changes the nodes.
 */
final class NodeModels {
    private final Map<Model, Use> objects = new IdentityHashMap<>();
    private final Map<Model, Kind> kinds = new HashMap<>();

    /** All models that are equal. */
    private static final class Kind {
        final String fields;
        int objects;

        Kind(Model model) {
            fields = NodeText.of(model);
        }
    }

    /** One object. */
    private static final class Use {
        final Kind kind;
        int nodes;

        Use(Kind kind) {
            this.kind = kind;
        }
    }

    /** What is new, or not needed any more, because of one node. */
    enum Change {
        /** Nothing: other nodes have the same object. */
        NONE,
        /** The object; others are equal to it. */
        OBJECT,
        /** The object, and all that is made of equal ones. */
        KIND
    }

    /** A node has a model. */
    Change add(Model model) {
        Use known = objects.get(model);
        if (known != null) {
            known.nodes++;
            return Change.NONE;
        }
        Kind kind = kinds.computeIfAbsent(model, Kind::new);
        kind.objects++;
        Use use = new Use(kind);
        use.nodes = 1;
        objects.put(model, use);
        return kind.objects == 1 ? Change.KIND : Change.OBJECT;
    }

    /** A node that had a model is no more. */
    Change remove(Model model) {
        Use use = objects.get(model);
        if (use == null || --use.nodes > 0) {
            return Change.NONE;
        }
        objects.remove(model);
        if (--use.kind.objects > 0) {
            return Change.OBJECT;
        }
        kinds.remove(model);
        return Change.KIND;
    }

    /** Whether a node has this object as its model. */
    boolean has(Model model) {
        return objects.containsKey(model);
    }

    /** Whether a node has an equal model. */
    boolean hasEqual(Model model) {
        return kinds.containsKey(model);
    }

    /** The text of a model's fields: one object for all equal models that nodes have. */
    String fields(Model model) {
        Use use = objects.get(model);
        return use == null ? NodeText.of(model) : use.kind.fields;
    }
}
