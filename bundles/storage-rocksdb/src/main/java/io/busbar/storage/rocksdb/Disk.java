package io.busbar.storage.rocksdb;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

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
                public Use use(Path folder) {
                    long tables = 0;
                    long all = 0;
                    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                        for (Path file : files) {
                            long bytes = file.toFile().length();
                            all += bytes;
                            tables += file.toString().endsWith(".sst") ? bytes : 0;
                        }
                    } catch (IOException | DirectoryIteratorException unknown) {
                        return new Use(0, 0);
                    }
                    return new Use(tables, all);
                }
            };

    /** Bytes that can still be written. */
    long usableBytes(Path folder);

    /** What the files of a store take. */
    Use use(Path folder);

    /**
     * What the files of a store take.
     *
     * @param tables bytes of those that hold what is stored
     * @param all with logs and all else
     */
    record Use(long tables, long all) {}
}
