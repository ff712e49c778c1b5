/** Explains to people what becomes of messages, from what is there when they ask. */
@NullMarked
package io.busbar.mqtt.broker.explain;

import org.jspecify.annotations.NullMarked;
