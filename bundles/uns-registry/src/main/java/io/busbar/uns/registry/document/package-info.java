/** Nodes on disk: one JSON document each. */
@NullMarked
package io.busbar.uns.registry.document;

import org.jspecify.annotations.NullMarked;
