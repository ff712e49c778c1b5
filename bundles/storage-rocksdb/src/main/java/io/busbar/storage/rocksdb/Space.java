package io.busbar.storage.rocksdb;

import io.busbar.api.storage.StorageException;
import org.jspecify.annotations.Nullable;

/** Whether there is room for more. */
interface Space {
    /** Why nothing more should be taken in, or null. Cheap. */
    @Nullable StorageException trouble();

    /** Whether the disk has no room, so that trying to write makes no sense. */
    boolean isDiskFull();
}
