/**
 * The tree of nodes in memory: the rules for nodes, where new ones are placed, and how nodes are
 * found.
 */
@NullMarked
package io.busbar.uns.registry.tree;

import org.jspecify.annotations.NullMarked;
