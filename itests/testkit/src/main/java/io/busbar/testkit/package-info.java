/** What every implementation of a contract must pass, and helpers for tests of all bundles. */
@NullMarked
package io.busbar.testkit;

import org.jspecify.annotations.NullMarked;
