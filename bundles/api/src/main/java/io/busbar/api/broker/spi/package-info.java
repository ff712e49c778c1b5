/** What others add to the broker: checks, consumers of messages, listeners to client events. */
@Export
@Version("1.0.0")
@NullMarked
package io.busbar.api.broker.spi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
