/** Values of configurations, and the words for the operator when one is wrong. */
@NullMarked
package io.busbar.mqtt.transport.config;

import org.jspecify.annotations.NullMarked;
