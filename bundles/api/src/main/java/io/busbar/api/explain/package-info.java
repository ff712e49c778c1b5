/**
 * Why a message came where it came, and why not elsewhere: questions that people ask of the running
 * broker, now or as if something were changed. Nothing is recorded for it.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.explain;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
