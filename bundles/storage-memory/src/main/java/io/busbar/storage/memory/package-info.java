/** The broker's state in memory: it is lost when the process ends. */
@NullMarked
package io.busbar.storage.memory;

import org.jspecify.annotations.NullMarked;
