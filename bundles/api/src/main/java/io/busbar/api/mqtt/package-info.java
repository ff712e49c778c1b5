/**
 * The terms of MQTT as immutable values: topic names, topic filters, messages and reason codes.
 * Nothing here knows sockets or buffers. Topic names and filters are validated when they are
 * created, so code that receives one need not check it again.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.mqtt;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
