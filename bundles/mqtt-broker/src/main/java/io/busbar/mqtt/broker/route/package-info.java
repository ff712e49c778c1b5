/**
 * The way of a message to its subscribers: retain it, find the subscribers, deliver. Subscribers of
 * the same event loop get it at once, those of other loops once per turn.
 */
@NullMarked
package io.busbar.mqtt.broker.route;

import org.jspecify.annotations.NullMarked;
