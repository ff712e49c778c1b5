/**
 * The REST interface and the live stream of the console: puts the endpoints together and offers
 * them to the web server.
 */
@NullMarked
package io.busbar.web.api;

import org.jspecify.annotations.NullMarked;
