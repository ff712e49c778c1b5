/** Fuzzing of what reads bytes from the network, and of the server behind it. */
@NullMarked
package io.busbar.itests.fuzz;

import org.jspecify.annotations.NullMarked;
