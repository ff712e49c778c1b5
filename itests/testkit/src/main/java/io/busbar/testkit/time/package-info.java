/** Time that a test controls: a clock and event loops. */
@NullMarked
package io.busbar.testkit.time;

import org.jspecify.annotations.NullMarked;
