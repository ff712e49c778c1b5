/**
 * The web server itself: how many connections it has, which paths it takes, and the words in which
 * it refuses what is no HTTP. The only place that knows Jetty.
 */
@NullMarked
package io.busbar.web.jetty;

import org.jspecify.annotations.NullMarked;
