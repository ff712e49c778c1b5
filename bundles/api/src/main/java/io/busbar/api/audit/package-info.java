/** Who makes a change: what every service that changes something is told. */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.audit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
