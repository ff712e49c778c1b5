/** Reads configuration values, and reports wrong ones to the operator. */
@NullMarked
package io.busbar.mqtt.transport.config;

import org.jspecify.annotations.NullMarked;
