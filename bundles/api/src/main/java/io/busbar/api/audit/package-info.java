/**
 * Names who makes a change. Every service method that changes something takes an {@link
 * io.busbar.api.audit.Actor}.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.audit;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
