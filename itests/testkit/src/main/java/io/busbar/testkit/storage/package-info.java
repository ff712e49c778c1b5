/** Storage for tests of what is built on it. */
@NullMarked
package io.busbar.testkit.storage;

import org.jspecify.annotations.NullMarked;
