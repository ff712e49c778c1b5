/** The accounts of people who use the console: creating them, signing in, passwords and roles. */
@Export
@Version("1.1.0")
@NullMarked
package io.busbar.api.accounts;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
