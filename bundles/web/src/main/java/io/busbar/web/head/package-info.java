/** What a request says before its body. */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.web.head;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
