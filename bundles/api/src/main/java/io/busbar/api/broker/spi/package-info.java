/**
 * The interfaces that bundles implement to receive messages, to check messages before they are
 * delivered, or to follow what happens to clients.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.broker.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
