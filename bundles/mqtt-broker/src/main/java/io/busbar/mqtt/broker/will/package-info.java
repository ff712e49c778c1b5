/** Will Messages: when they are due, and sending them. */
@NullMarked
package io.busbar.mqtt.broker.will;

import org.jspecify.annotations.NullMarked;
