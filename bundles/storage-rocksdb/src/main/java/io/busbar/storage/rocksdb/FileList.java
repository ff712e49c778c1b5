package io.busbar.storage.rocksdb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.busbar.api.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * The list of a store's files, which RocksDB keeps in MANIFEST and names in CURRENT. Without it
 * nobody can tell which tables count, and in which order: those that compaction has replaced may
 * still be there, with messages that were acknowledged and sessions that have ended. RocksDB would
 * begin an empty store instead.
 */
final class FileList {
    private FileList() {}

    /**
     * What is wrong with the list of a store that could not be opened, or has no CURRENT; null if
     * it can be read, or nothing is there.
     */
    static @Nullable String problem(Path folder) throws IOException {
        if (!Files.exists(folder.resolve("CURRENT"))) {
            return hasData(folder) ? "CURRENT is missing" : null;
        }
        String name = Files.readString(folder.resolve("CURRENT"), ISO_8859_1).strip();
        try (Options options = new Options()) {
            // Whatever cannot be read is just not there.
            int families = RocksDB.listColumnFamilies(options, folder.toString()).size();
            return families < Family.values().length
                    ? "CURRENT names \"" + name + "\", which cannot be read"
                    : null;
        } catch (RocksDBException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static boolean hasData(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .anyMatch(name -> name.endsWith(".sst") || name.endsWith(".log"));
        }
    }

    /** The list is damaged: what that means, and what an operator can do. */
    static StorageException damaged(Path folder, String problem) {
        return new StorageException(
                StorageException.Kind.DAMAGED,
                "Broker store "
                        + folder
                        + " cannot be opened, nor recovered with --recover: the list of its files"
                        + " is damaged ("
                        + problem
                        + "), and without it nobody can tell what is in them. Nothing was deleted."
                        + " Restore a backup; or move the folder away and start without it: all"
                        + " sessions, what waits for them, and retained messages are lost then.");
    }
}
