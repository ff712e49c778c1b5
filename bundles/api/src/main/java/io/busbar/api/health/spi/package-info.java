/** For bundles that know whether a part of the server is well. */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.health.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
