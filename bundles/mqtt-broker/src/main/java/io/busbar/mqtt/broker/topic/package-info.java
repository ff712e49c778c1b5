/** Subscriptions, and the tree that finds the ones matching a topic. */
@NullMarked
package io.busbar.mqtt.broker.topic;

import org.jspecify.annotations.NullMarked;
