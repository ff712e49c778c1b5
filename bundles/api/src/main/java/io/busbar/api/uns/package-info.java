/**
 * The Unified Namespace: a tree of nodes that describes topics and the shape of their payloads, and
 * the current values under these topics.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.uns;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
