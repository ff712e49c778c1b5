package io.busbar.api.uns;

import io.busbar.api.audit.Actor;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The nodes that were deleted and can be restored. It is bounded in nodes and in time; what was
 * deleted first leaves first. Thread-safe; changes access the disk and are durable when the call
 * returns. Errors as those of {@link Namespace}.
 */
@ProviderType
public interface RecycleBin {
    /** Returns what is in it, the latest deletion first. */
    List<RecycledNode> list();

    /** Returns how many nodes it holds at most. */
    int maxNodes();

    /** Returns how many days it holds them. */
    int days();

    /**
     * Puts a node back with all that was below it, all of it or nothing. Levels above it that are
     * gone are made again as paths.
     *
     * @param parentPath the path of the node that it comes below; empty = the root; null = where it
     *     was
     * @param name its name there; null = as it was
     * @return the node
     * @throws io.busbar.api.storage.ConflictException if a path, an alias or a topic of it belongs
     *     to another node meanwhile; the message names it
     */
    Node restore(UUID id, @Nullable String parentPath, @Nullable String name, Actor actor);

    /** Lets go of a deleted node for good. */
    void remove(UUID id, Actor actor);

    /** Lets go of all for good; returns how many nodes they were. */
    int clear(Actor actor);
}
