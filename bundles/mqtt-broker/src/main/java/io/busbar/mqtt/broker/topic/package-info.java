/** Subscriptions and the tree that finds those that match a topic. */
@NullMarked
package io.busbar.mqtt.broker.topic;

import org.jspecify.annotations.NullMarked;
