/** Network Connections: one handler per packet family. */
@NullMarked
package io.busbar.mqtt.broker.connection;

import org.jspecify.annotations.NullMarked;
