/** Access rules that a test controls. */
@NullMarked
package io.busbar.testkit.access;

import org.jspecify.annotations.NullMarked;
