/** What a bundle publishes so that its configuration is checked before its components get it. */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.config.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
