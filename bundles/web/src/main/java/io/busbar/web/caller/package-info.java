/** Finds the signed-in person who sent a request. */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.web.caller;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
