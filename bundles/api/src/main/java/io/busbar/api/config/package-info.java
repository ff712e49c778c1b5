/** For components that cannot take a changed configuration while they run. */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.config;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
