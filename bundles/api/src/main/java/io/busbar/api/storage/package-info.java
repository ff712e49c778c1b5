/** The storage port: what a storage bundle implements and the broker and the registries use. */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.storage;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
