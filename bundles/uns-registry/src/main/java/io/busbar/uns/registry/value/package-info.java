/** The latest value under every topic, and who hears of it. */
@NullMarked
package io.busbar.uns.registry.value;

import org.jspecify.annotations.NullMarked;
