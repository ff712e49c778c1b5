/**
 * What providers of authentication, of rules and of password hashes implement, and the throttle
 * that slows down guessing.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.auth.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
