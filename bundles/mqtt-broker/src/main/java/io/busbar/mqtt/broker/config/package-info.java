/** The keys of the broker's configuration. */
@NullMarked
package io.busbar.mqtt.broker.config;

import org.jspecify.annotations.NullMarked;
