/**
 * The Unified Namespace: the tree of nodes in the store and in memory, and the latest value of
 * every topic. Messages arrive on one thread, are read and checked against their model, and are
 * offered as immutable values. Changes of the tree come from people and are written to the document
 * store first.
 */
@NullMarked
package io.busbar.uns.registry;

import org.jspecify.annotations.NullMarked;
