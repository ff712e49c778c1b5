/** What others add to the namespace: listeners, readers of payload formats, sources of models. */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.uns.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
