/** Who may do what, in the hand of a test. */
@NullMarked
package io.busbar.testkit.access;

import org.jspecify.annotations.NullMarked;
