/** The state of a server as lines of JSON. */
@NullMarked
package io.busbar.transfer;

import org.jspecify.annotations.NullMarked;
