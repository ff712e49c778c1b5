/** Consumers of messages inside the server. Each has a bounded queue and its own thread. */
@NullMarked
package io.busbar.mqtt.broker.consumer;

import org.jspecify.annotations.NullMarked;
