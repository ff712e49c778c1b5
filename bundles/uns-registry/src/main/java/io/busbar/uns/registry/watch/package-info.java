/** Calls of other bundles' code on threads that the namespace needs: noticed when they hang. */
@NullMarked
package io.busbar.uns.registry.watch;

import org.jspecify.annotations.NullMarked;
