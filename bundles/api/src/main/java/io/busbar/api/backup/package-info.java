/** Backups of the running server: making them, and which there are. */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.backup;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
