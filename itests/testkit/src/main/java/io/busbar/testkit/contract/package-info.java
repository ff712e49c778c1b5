/**
 * What every implementation of an extension point must do: extend the contract of yours, and add
 * what is special about it.
 */
@NullMarked
package io.busbar.testkit.contract;

import org.jspecify.annotations.NullMarked;
