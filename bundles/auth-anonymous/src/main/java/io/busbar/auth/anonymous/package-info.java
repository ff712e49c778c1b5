/** Access for all clients on this machine, if it is configured. */
@NullMarked
package io.busbar.auth.anonymous;

import org.jspecify.annotations.NullMarked;
