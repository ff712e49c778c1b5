/** Who is signed in: sessions of people, in memory only, so that a restart signs everybody out. */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.web.session;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
