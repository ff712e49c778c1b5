/** The other side of the wire: sends what a test says, right or wrong. */
@NullMarked
package io.busbar.testkit.client;

import org.jspecify.annotations.NullMarked;
