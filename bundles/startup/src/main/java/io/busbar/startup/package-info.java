/**
 * The start of the server as the terminal shows it: applies the bootstrap file, prints where the
 * server listens, and ends the process with a clear message if it cannot start.
 */
@NullMarked
package io.busbar.startup;

import org.jspecify.annotations.NullMarked;
