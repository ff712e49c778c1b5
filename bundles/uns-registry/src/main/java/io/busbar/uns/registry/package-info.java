/**
 * The Unified Namespace: its tree of nodes on disk and in memory, and the latest value under every
 * topic. Messages come in on one thread, are read and held against their model, and leave as
 * immutable pictures; changes of the tree come from people and go to the documents store first.
 */
@NullMarked
package io.busbar.uns.registry;

import org.jspecify.annotations.NullMarked;
