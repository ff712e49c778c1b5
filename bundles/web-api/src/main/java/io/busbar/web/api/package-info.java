/**
 * The REST API and the live stream for the console. Builds the endpoints and offers them to the web
 * server.
 */
@NullMarked
package io.busbar.web.api;

import org.jspecify.annotations.NullMarked;
