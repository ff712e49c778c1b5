/**
 * The seam between wire and broker: what the transport offers for each Network Connection ({@code
 * ClientLink}), and what the broker makes of it ({@code ClientConnection}). Declared here, below
 * the sessions; the transport above implements the link.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.mqtt.broker.link;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
