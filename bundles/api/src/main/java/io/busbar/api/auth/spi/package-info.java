/** What a provider of authentication or authorisation implements. */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.auth.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
