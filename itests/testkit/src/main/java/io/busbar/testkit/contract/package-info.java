/**
 * Tests that every implementation of an extension point must pass. Extend the contract for your
 * implementation, and add tests for what is special about it.
 */
@NullMarked
package io.busbar.testkit.contract;

import org.jspecify.annotations.NullMarked;
