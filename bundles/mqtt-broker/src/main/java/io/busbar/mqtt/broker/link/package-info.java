/**
 * The interface between transport and broker: what the transport offers for each Network Connection
 * ({@code ClientLink}), and what the broker offers in return ({@code ClientConnection}). It belongs
 * to the broker; the transport implements the link.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.mqtt.broker.link;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
