/**
 * The walk of a message: retain it, find who subscribed, deliver, on this loop at once and on
 * others once a turn.
 */
@NullMarked
package io.busbar.mqtt.broker.route;

import org.jspecify.annotations.NullMarked;
