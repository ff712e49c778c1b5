/** Retained Messages, stored by topic and found by topic filter. */
@NullMarked
package io.busbar.mqtt.broker.retained;

import org.jspecify.annotations.NullMarked;
