/** Retained Messages by topic, found again by filter. */
@NullMarked
package io.busbar.mqtt.broker.retained;

import org.jspecify.annotations.NullMarked;
