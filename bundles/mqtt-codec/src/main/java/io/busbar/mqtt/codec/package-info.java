/**
 * Converts bytes to packets and back, for MQTT 3.1, 3.1.1 and 5.0. Packets are immutable records
 * with the names of the specification. {@link io.busbar.mqtt.codec.PacketDecoder} reads them from
 * the receive buffer and checks limits first. {@link io.busbar.mqtt.codec.PacketEncoder} and {@link
 * io.busbar.mqtt.codec.PublishImage} write them directly into the outgoing buffer. Knows no
 * sockets, sessions or threads.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.mqtt.codec;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
