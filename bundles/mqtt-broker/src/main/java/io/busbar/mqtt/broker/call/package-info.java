/**
 * Calls of other people's code: providers and interceptors that may block run on a bounded pool of
 * threads with a deadline; those that do not block are called on event loops and watched.
 */
@NullMarked
package io.busbar.mqtt.broker.call;

import org.jspecify.annotations.NullMarked;
