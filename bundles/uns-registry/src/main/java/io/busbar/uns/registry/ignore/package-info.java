/** Which topics without a node are not to be remembered. */
@NullMarked
package io.busbar.uns.registry.ignore;

import org.jspecify.annotations.NullMarked;
