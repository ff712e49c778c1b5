/** Who changed what of the nodes. */
@NullMarked
package io.busbar.uns.registry.history;

import org.jspecify.annotations.NullMarked;
