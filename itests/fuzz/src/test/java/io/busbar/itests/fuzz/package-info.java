/** Fuzzing of what reads bytes from the network. */
@NullMarked
package io.busbar.itests.fuzz;

import org.jspecify.annotations.NullMarked;
