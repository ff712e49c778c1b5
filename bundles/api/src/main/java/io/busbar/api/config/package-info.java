/**
 * What is wrong with the files of configuration of a running server. Types and bounds of keys are
 * declared by the bundles themselves (metatype); whoever implements this package compares the files
 * with them. {@link io.busbar.api.config.Restart} is for components that cannot take a change while
 * they run.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.config;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
