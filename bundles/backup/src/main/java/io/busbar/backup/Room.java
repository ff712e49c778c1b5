package io.busbar.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much room a disk has. */
@FunctionalInterface
interface Room {
    /** What the operating system says. */
    Room REAL = folder -> Files.getFileStore(folder).getUsableSpace();

    /** Bytes that can still be written to the disk of a folder. */
    long usableBytes(Path folder) throws IOException;
}
