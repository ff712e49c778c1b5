/** Consumers of messages inside the server, each with a bounded ring and a thread of its own. */
@NullMarked
package io.busbar.mqtt.broker.consumer;

import org.jspecify.annotations.NullMarked;
