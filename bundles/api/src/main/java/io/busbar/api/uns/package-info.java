/** The Unified Namespace: nodes, models, fields and their current values. */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.uns;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
