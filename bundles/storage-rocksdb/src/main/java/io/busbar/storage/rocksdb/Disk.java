package io.busbar.storage.rocksdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What can be seen of a disk. */
interface Disk {
    /** The disk that the operating system shows. */
    Disk REAL =
            new Disk() {
                @Override
                public long usableBytes(Path folder) {
                    try {
                        return Files.getFileStore(folder).getUsableSpace();
                    } catch (IOException unknown) {
                        // A commit will tell.
                        return Long.MAX_VALUE;
                    }
                }

                @Override
                public long tableBytes(Path folder) {
                    try (Stream<Path> files = Files.list(folder)) {
                        return files.filter(file -> file.toString().endsWith(".sst"))
                                .mapToLong(file -> file.toFile().length())
                                .sum();
                    } catch (IOException | UncheckedIOException unknown) {
                        return 0;
                    }
                }
            };

    /** Bytes that can still be written. */
    long usableBytes(Path folder);

    /** Bytes of the files that hold what is stored; logs come on top. */
    long tableBytes(Path folder);
}
