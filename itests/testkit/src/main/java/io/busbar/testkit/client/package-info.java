/** A client for tests of the server: sends what the test says, whether valid or not. */
@NullMarked
package io.busbar.testkit.client;

import org.jspecify.annotations.NullMarked;
