/** The people who use the console: their accounts, roles and passwords. */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.accounts;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
