package io.busbar.storage.rocksdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds out which process holds a lock, where the operating system tells. */
final class LockOwner {
    private static final Path LOCKS = Path.of("/proc/locks");

    private LockOwner() {}

    /** " (process 4711)", or nothing if it is not known. */
    static String describe(Path file) {
        try {
            String inode = ":" + Files.getAttribute(file, "unix:ino");
            List<String> locks = Files.readAllLines(LOCKS);
            for (String lock : locks) {
                // 1: POSIX  ADVISORY  WRITE 4711 fd:01:1234 0 EOF
                String[] words = lock.trim().split("\\s+");
                if (words.length > 5 && words[5].endsWith(inode)) {
                    return " (process " + words[4] + ")";
                }
            }
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException unknown) {
            return "";
        }
        return "";
    }
}
