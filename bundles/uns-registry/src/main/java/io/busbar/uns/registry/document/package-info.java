/** Stores nodes: one JSON document each, read and written as a record. */
@NullMarked
package io.busbar.uns.registry.document;

import org.jspecify.annotations.NullMarked;
