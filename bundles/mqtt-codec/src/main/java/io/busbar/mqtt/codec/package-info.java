/**
 * Bytes to packets and back for MQTT 3.1, 3.1.1 and 5.0: packets are immutable records with the
 * specification's words; {@link io.busbar.mqtt.codec.PacketDecoder} reads them in place with limits
 * first, {@link io.busbar.mqtt.codec.PacketEncoder} and {@link io.busbar.mqtt.codec.PublishImage}
 * write them straight into the outgoing buffer. No sockets, no sessions, no threads.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.mqtt.codec;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
