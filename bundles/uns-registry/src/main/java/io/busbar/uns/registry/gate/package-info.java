/** What is asked of messages before they are delivered. */
@NullMarked
package io.busbar.uns.registry.gate;

import org.jspecify.annotations.NullMarked;
