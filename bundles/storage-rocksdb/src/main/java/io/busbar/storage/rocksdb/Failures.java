package io.busbar.storage.rocksdb;

import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StorageException.Kind;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Says in words what RocksDB reports, and what an operator can do. */
final class Failures {
    private Failures() {}

    /** What was tried failed, and is not tried again. */
    static StorageException of(String what, Path folder, RocksDBException e) {
        return of(what, folder, e, "", "");
    }

    /** A commit failed: it is kept, and tried again until it can be written. */
    static StorageException unwritten(Path folder, RocksDBException e) {
        return of(
                "cannot be written",
                folder,
                e,
                "; it goes on by itself",
                "; it is tried again every second");
    }

    private static StorageException of(
            String what, Path folder, RocksDBException e, String whenFull, String whenFailing) {
        String detail = String.valueOf(e.getMessage());
        Status status = e.getStatus();
        Status.Code code = status == null ? Status.Code.Undefined : status.getCode();
        boolean full =
                status != null && status.getSubCode() == Status.SubCode.NoSpace
                        || detail.contains("No space left")
                        || detail.contains("Disk quota exceeded")
                        || detail.contains("File too large");
        String store = "Broker store " + folder + " " + what + ": ";
        if (full) {
            return new StorageException(
                    Kind.FULL,
                    store
                            + "the disk is full. Free some space on the disk of "
                            + folder
                            + whenFull
                            + ".",
                    e);
        }
        if (code == Status.Code.Corruption) {
            return new StorageException(Kind.DAMAGED, store + damaged(detail), e);
        }
        if (detail.toLowerCase(Locale.ROOT).contains("read-only file system")
                || detail.contains("Permission denied")) {
            return new StorageException(
                    store
                            + "it is read-only ("
                            + detail
                            + "). Make the folder and the disk writable for the user that runs"
                            + " Busbar.",
                    e);
        }
        return new StorageException(
                store
                        + "the disk reported an error ("
                        + detail
                        + "). Check the disk and the system's log"
                        + whenFailing
                        + ".",
                e);
    }

    /** What is lost and how to go on when bytes are not what was written. */
    static String damaged(@Nullable String detail) {
        return "it is damaged ("
                + detail
                + "). Nothing was deleted. Restore a backup; or start once with --recover (or"
                + " recover = true in io.busbar.storage.rocksdb.cfg) to keep what can be read: what"
                + " is lost is listed then, and the damaged files stay beside it.";
    }

    /** A record that is not what was written. */
    static StorageException damaged(Path folder, RuntimeException e) {
        return new StorageException(
                Kind.DAMAGED,
                "Broker store " + folder + " cannot be read: " + damaged(e.getMessage()),
                e);
    }

    static StorageException closed(Path folder) {
        return new StorageException(Kind.GONE, "Broker store " + folder + " is closed.");
    }
}
