/**
 * Karaf's shell on JDK 24 and newer. Exported only because the woven classes of Karaf call {@link
 * io.busbar.karaf.jdk24.Subjects}.
 */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.karaf.jdk24;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
