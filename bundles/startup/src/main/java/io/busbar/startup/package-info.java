/**
 * The first and the last word at the terminal: applies the declarative start, tells where the
 * server listens, and ends the process with a clear line when it cannot start.
 */
@NullMarked
package io.busbar.startup;

import org.jspecify.annotations.NullMarked;
