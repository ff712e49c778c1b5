/**
 * What the broker counts, for those who read it over MQTT: the {@code $SYS/broker} topics under the
 * names that Mosquitto gave them.
 */
@NullMarked
package io.busbar.metrics;

import org.jspecify.annotations.NullMarked;
