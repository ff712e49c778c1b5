/**
 * Publishes the broker's figures over MQTT: the {@code $SYS/broker} topics, with the names that
 * Mosquitto uses.
 */
@NullMarked
package io.busbar.metrics;

import org.jspecify.annotations.NullMarked;
