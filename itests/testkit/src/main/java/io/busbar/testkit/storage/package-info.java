/** Storage for tests of its users. */
@NullMarked
package io.busbar.testkit.storage;

import org.jspecify.annotations.NullMarked;
