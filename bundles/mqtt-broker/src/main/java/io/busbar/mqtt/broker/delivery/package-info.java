/** A message while it is being delivered, and the interface of its receivers. */
@NullMarked
package io.busbar.mqtt.broker.delivery;

import org.jspecify.annotations.NullMarked;
