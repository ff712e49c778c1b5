/**
 * The sessions of signed-in people. They are in memory only, so a restart of the server signs
 * everybody out.
 */
@Export
@Version("1.1.0")
@NullMarked
package io.busbar.web.session;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
