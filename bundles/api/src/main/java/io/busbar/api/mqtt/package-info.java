/**
 * The vocabulary of MQTT as immutable values: names, filters, messages and reason codes. It knows
 * neither sockets nor buffers; everything here is validated once, when it is made, and trusted
 * afterwards.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.mqtt;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
