/**
 * About how many bytes of the heap things take, objects and their structure included: what the
 * namespace counts in the memory budget.
 */
@NullMarked
package io.busbar.uns.registry.footprint;

import org.jspecify.annotations.NullMarked;
