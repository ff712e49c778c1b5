package io.busbar.api.backup;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A backup that is being made, was made or has failed.
 *
 * @param file where it is; while it is being made, where it will be
 * @param startedAt when it was begun
 * @param doneBytes how many bytes of the server's data are in it; 0 for a file that was there when
 *     the server started
 * @param totalBytes how many bytes of the server's data it will have; 0 until that is known, and
 *     for a file that was there when the server started
 * @param sizeBytes the size of the file, compressed; 0 until it is complete
 * @param failure why it failed, with what to do; null unless it has
 */
public record Backup(
        Path file,
        State state,
        Instant startedAt,
        long doneBytes,
        long totalBytes,
        long sizeBytes,
        @Nullable String failure) {
    /** How far it has come. */
    public enum State {
        /** It is being made. */
        RUNNING,
        /** It is complete and on the disk. */
        DONE,
        /** It failed, and nothing is left of it. */
        FAILED
    }
}
