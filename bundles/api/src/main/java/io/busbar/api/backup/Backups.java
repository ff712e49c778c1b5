package io.busbar.api.backup;

import io.busbar.api.audit.Actor;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Makes backups of the running server, one at a time: each is one file with the broker's state, the
 * documents and the configuration.
 *
 * <p>Thread-safe. {@link #list} looks at a disk, so never call it from an event loop.
 */
@ProviderType
public interface Backups {
    /**
     * A backup that was begun.
     *
     * @param backup how it is at its beginning
     * @param end completes with what has become of it; never exceptionally
     */
    record Started(Backup backup, CompletionStage<Backup> end) {}

    /**
     * Begins a backup and returns at once.
     *
     * @param folder where the file goes; null for the configured folder
     * @throws io.busbar.api.storage.ConflictException if one is being made
     */
    Started start(@Nullable Path folder, Actor actor);

    /**
     * The backups in the configured folder, and the latest one, whatever has become of it. The
     * latest first, at most 1,000.
     */
    List<Backup> list();
}
