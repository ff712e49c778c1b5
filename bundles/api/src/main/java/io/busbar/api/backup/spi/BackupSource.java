package io.busbar.api.backup.spi;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Keeps something on the disk that a backup has to contain. Publish it as a service for as long as
 * it can be copied.
 *
 * <p><b>Threads.</b> Called on one thread of its own, one call at a time. It may wait for a disk.
 * What is kept is changed meanwhile.
 */
@ConsumerType
public interface BackupSource {
    /** What it is, in a word for people, such as {@code documents}. */
    String name();

    /**
     * The folder below the data folder that a restore puts the copy into, such as {@code db}. One
     * name, without separators; no two sources have the same.
     */
    String folder();

    /** About how many bytes a copy takes at most, to know whether there is room for it. */
    long sizeBytes() throws IOException;

    /**
     * Makes a copy as of one moment during the call. Everything that was durable before the call is
     * in it.
     *
     * @param folder where the files go. Its parent is there, it is not
     * @throws IOException if that is not possible; the message says why. What was written of the
     *     copy is deleted by the caller
     * @throws io.busbar.api.storage.StorageException in the same way
     */
    void copyTo(Path folder) throws IOException;
}
