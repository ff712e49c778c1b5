/** The one budget for the memory of the process. */
@NullMarked
package io.busbar.memory;

import org.jspecify.annotations.NullMarked;
