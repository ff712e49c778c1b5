/** What parts of the server say about how they are; {@code /api/v1/health/ready} tells it. */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.health;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
