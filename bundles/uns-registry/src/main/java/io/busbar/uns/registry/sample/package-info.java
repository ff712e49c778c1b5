/** Passes the values of every message to the sample listeners. What is lost is counted. */
@NullMarked
package io.busbar.uns.registry.sample;

import org.jspecify.annotations.NullMarked;
