/** The nodes that were deleted and can be restored. */
@NullMarked
package io.busbar.uns.registry.recycle;

import org.jspecify.annotations.NullMarked;
