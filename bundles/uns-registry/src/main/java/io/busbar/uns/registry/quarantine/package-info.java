/** Messages that were held back because they did not fit. */
@NullMarked
package io.busbar.uns.registry.quarantine;

import org.jspecify.annotations.NullMarked;
