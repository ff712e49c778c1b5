/** Nodes on disk: one JSON document each, bound to a record. */
@NullMarked
package io.busbar.uns.registry.document;

import org.jspecify.annotations.NullMarked;
