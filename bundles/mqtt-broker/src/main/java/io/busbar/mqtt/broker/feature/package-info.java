/** What the broker offers its clients, as CONNACK announces it. */
@NullMarked
package io.busbar.mqtt.broker.feature;

import org.jspecify.annotations.NullMarked;
