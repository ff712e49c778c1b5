/**
 * The one budget for the memory of the process. Everything that grows with what clients and users
 * send asks it before it grows, and gives back afterwards.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.memory;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
