/**
 * The running broker as other bundles see it: publishing messages, and looking at clients,
 * sessions, listeners, rejections and figures.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.broker;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
