package io.busbar.mqtt.broker.retained;

import io.busbar.api.mqtt.Message;
import org.jspecify.annotations.Nullable;

/** Retained Messages one after the other, for somebody who may wait. Not thread-safe. */
@FunctionalInterface
public interface RetainedWalk {
    /**
     * The next one that is alive, or null at the end. May wait for the store.
     *
     * @throws io.busbar.api.storage.StorageException if it cannot be read; it may be tried again
     */
    @Nullable Message next();
}
