/**
 * Serves the web console: the built TypeScript application as static files. Knows nothing of the
 * API but that its paths are not ours.
 */
@NullMarked
package io.busbar.web.console;

import org.jspecify.annotations.NullMarked;
