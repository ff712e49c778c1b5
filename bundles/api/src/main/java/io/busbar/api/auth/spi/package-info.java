/**
 * The interfaces that bundles implement to authenticate clients, to decide what they may do, and to
 * hash passwords. Also holds the throttle that slows down guessing of passwords.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.auth.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
