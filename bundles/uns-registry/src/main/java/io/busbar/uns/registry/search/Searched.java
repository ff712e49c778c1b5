package io.busbar.uns.registry.search;

import io.busbar.api.uns.Node;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a search goes through. Nothing of it is copied or indexed beforehand but the names; signs of
 * values are kept from one search to the next.
 */
public interface Searched {
    /** Shows all nodes; none of them changes meanwhile. */
    void nodes(NodeVisitor visitor);

    /** The node with this alias, or null. */
    @Nullable Node byAlias(String alias);

    /** The topics without a node, in their order. Others may come and go meanwhile. */
    Set<String> unmodeled();

    /** Shows the topics that have values, with the signs of these. */
    void signs(Likely into);

    /** Looks at the current values of a topic. */
    void values(String topic, ValueFinder into);
}
