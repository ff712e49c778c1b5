/** A message under way to its subscribers, and what a subscriber is to whoever delivers. */
@NullMarked
package io.busbar.mqtt.broker.delivery;

import org.jspecify.annotations.NullMarked;
