/** Access for every client on this machine, where somebody asked for it. */
@NullMarked
package io.busbar.auth.anonymous;

import org.jspecify.annotations.NullMarked;
