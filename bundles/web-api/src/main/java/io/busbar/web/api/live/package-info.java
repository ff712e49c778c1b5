/**
 * The live stream: what changes on the server travels to the browsers that watch it, coalesced,
 * five times a second at most. Nothing here ever waits for a browser.
 */
@NullMarked
package io.busbar.web.api.live;

import org.jspecify.annotations.NullMarked;
