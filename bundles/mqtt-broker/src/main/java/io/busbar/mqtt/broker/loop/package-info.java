/**
 * The turns of event loops: what a turn gathers is committed to the store and handed to other loops
 * once, at its end.
 */
@NullMarked
package io.busbar.mqtt.broker.loop;

import org.jspecify.annotations.NullMarked;
