/** For bundles that keep something on the disk that a backup has to contain. */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.backup.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
