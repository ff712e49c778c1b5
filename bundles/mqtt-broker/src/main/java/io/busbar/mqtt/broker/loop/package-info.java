/**
 * Event loops and their turns: what is collected during a turn is committed to the store and handed
 * to other loops once, at the end of the turn.
 */
@NullMarked
package io.busbar.mqtt.broker.loop;

import org.jspecify.annotations.NullMarked;
