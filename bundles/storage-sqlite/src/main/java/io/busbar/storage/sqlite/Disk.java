package io.busbar.storage.sqlite;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What can be seen of a disk before a commit fails on it. */
interface Disk {
    /** A commit of ordinary size and its copy in the write-ahead log. */
    long LEAST_BYTES = 1 << 20;

    /** The disk that the operating system shows. */
    Disk REAL =
            file -> {
                try {
                    FileStore store = Files.getFileStore(file);
                    return store.isReadOnly() ? 0 : store.getUsableSpace();
                } catch (IOException unknown) {
                    // A commit will tell.
                    return Long.MAX_VALUE;
                }
            };

    /** Bytes that can still be written; 0 as well if the disk is read-only. */
    long usableBytes(Path file);

    /** Why nothing more can be written beside a file, for people. */
    default Optional<String> problem(Path file) {
        long bytes = usableBytes(file);
        return bytes >= LEAST_BYTES
                ? Optional.empty()
                : Optional.of(
                        "Document store "
                                + file
                                + " cannot be written: "
                                + (bytes == 0
                                        ? "the disk is full or read-only"
                                        : "only " + bytes / 1024 + " KiB of the disk are free")
                                + ". Free some space on the disk of "
                                + file.getParent()
                                + ".");
    }
}
