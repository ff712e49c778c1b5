package io.busbar.uns.registry.search;

import io.busbar.api.uns.Node;

/** Is shown all nodes, each before those below it. */
@FunctionalInterface
public interface NodeVisitor {
    /**
     * Looks at a node.
     *
     * @param text its {@link NodeText} without its fields
     * @param fields that of its fields; the same object for all nodes with an equal model
     * @param above what this returned for the node above it; 0 at the root
     */
    int visit(Node node, String text, String fields, int above);
}
