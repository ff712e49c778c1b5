/** The latest value of every topic, and the listeners that are told about it. */
@NullMarked
package io.busbar.uns.registry.value;

import org.jspecify.annotations.NullMarked;
