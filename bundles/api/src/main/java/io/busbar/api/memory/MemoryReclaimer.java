package io.busbar.api.memory;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/** Finds who can give back memory when it runs short. Called on a thread of the budget. */
@FunctionalInterface
@ConsumerType
public interface MemoryReclaimer {
    /**
     * The holder that has most, or null if nobody has enough to be worth it. May take some
     * milliseconds; must not block.
     */
    @Nullable MemoryHolder largest();
}
