/** What the code under test writes to its log. */
@NullMarked
package io.busbar.testkit.log;

import org.jspecify.annotations.NullMarked;
