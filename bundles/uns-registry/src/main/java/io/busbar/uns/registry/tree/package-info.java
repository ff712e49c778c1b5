/** The tree of nodes in memory: what nodes may be, where new ones go, and how they are found. */
@NullMarked
package io.busbar.uns.registry.tree;

import org.jspecify.annotations.NullMarked;
