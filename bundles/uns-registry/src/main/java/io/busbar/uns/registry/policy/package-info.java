/** Which policies hold for a node: the one place where they are inherited from the nodes above. */
@NullMarked
package io.busbar.uns.registry.policy;

import org.jspecify.annotations.NullMarked;
