/** Time in the hand of a test: a clock that is moved, and event loops that are turned. */
@NullMarked
package io.busbar.testkit.time;

import org.jspecify.annotations.NullMarked;
