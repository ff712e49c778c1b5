/**
 * The interfaces to storage. Storage bundles implement them; the broker, the namespace and the
 * credentials store their state through them.
 */
@Export
@Version("3.0.0")
@NullMarked
package io.busbar.api.storage;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
