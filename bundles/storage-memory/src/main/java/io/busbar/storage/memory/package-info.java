/** The broker's state in heap: nothing survives the process. */
@NullMarked
package io.busbar.storage.memory;

import org.jspecify.annotations.NullMarked;
