/** Hands what every message brings to the sample listeners: lossless, or counted. */
@NullMarked
package io.busbar.uns.registry.sample;

import org.jspecify.annotations.NullMarked;
