/**
 * The running broker as the rest of the product sees it: publishing, clients, sessions, listeners.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.broker;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
