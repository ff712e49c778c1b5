/**
 * Moving the state between servers as lines of JSON: credentials, retained messages and sessions.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.transfer;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
