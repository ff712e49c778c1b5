/**
 * The interfaces that bundles implement to follow values, samples and changes of the namespace, to
 * read further payload formats, or to supply models.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.uns.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
