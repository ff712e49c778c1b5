/**
 * The live stream: changes on the server are sent to the browsers that watch them, combined and at
 * most five times a second. Nothing here ever waits for a browser.
 */
@NullMarked
package io.busbar.web.api.live;

import org.jspecify.annotations.NullMarked;
