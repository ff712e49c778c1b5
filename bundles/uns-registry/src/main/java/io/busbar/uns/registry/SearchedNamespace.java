package io.busbar.uns.registry;

import io.busbar.api.uns.Node;
import io.busbar.uns.registry.search.Likely;
import io.busbar.uns.registry.search.NodeVisitor;
import io.busbar.uns.registry.search.Searched;
import io.busbar.uns.registry.search.ValueFinder;
import io.busbar.uns.registry.tree.NodeTree;
import io.busbar.uns.registry.value.LiveValues;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tree and the values, for searches. */
record SearchedNamespace(NodeTree tree, LiveValues live) implements Searched {
    @Override
    public void nodes(NodeVisitor visitor) {
        tree.visit(visitor);
    }

    @Override
    public @Nullable Node byAlias(String alias) {
        return tree.byAlias(alias);
    }

    @Override
    public Set<String> unmodeled() {
        return live.unmodeledNames();
    }

    @Override
    public void signs(Likely into) {
        live.signs(into);
    }

    @Override
    public void values(String topic, ValueFinder into) {
        live.find(topic, into);
    }
}
