package io.busbar.storage.rocksdb;

import io.busbar.api.storage.StorageException;
import io.busbar.storage.rocksdb.record.DamagedRecordException;
import io.busbar.storage.rocksdb.record.Values;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the files of a store, or makes them: for this process alone, brought to the current format.
 * Says in words what is wrong with them and what an operator can do.
 */
final class Opening {
    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

    private final Settings settings;
    private final Formats formats;

    /** An open store. */
    record Opened(Database database, int shards) {}

    private Opening(Settings settings, Formats formats) {
        this.settings = settings;
        this.formats = formats;
    }

    /**
     * Opens a store, or makes one.
     *
     * @throws StorageException if that is not possible; nothing was deleted then
     */
    static Opened open(Settings settings) {
        return open(settings, Formats.CURRENT);
    }

    static Opened open(Settings settings, Formats formats) {
        loadLibrary();
        return new Opening(settings, formats).open();
    }

    private static void loadLibrary() {
        try {
            RocksDB.loadLibrary();
        } catch (RuntimeException | LinkageError e) {
            throw new StorageException(
                    "Broker store cannot be opened: RocksDB's native library does not load here ("
                            + e.getMessage()
                            + "). Check that the temporary folder "
                            + System.getProperty("java.io.tmpdir")
                            + " is writable and not mounted noexec, or set the environment"
                            + " variable ROCKSDB_SHAREDLIB_DIR to a folder of this server alone"
                            + " from which programs may run.",
                    e);
        }
    }

    private Opened open() {
        Recovery.finish(settings);
        createFolder();
        Database database = null;
        try {
            database = openFiles();
            Opened opened = new Opened(database, prepare(database));
            database = null;
            return opened;
        } catch (RocksDBException e) {
            throw failure(e);
        } catch (DamagedRecordException e) {
            throw Failures.damaged(settings.folder(), e);
        } finally {
            if (database != null) {
                database.close();
            }
        }
    }

    private Database openFiles() throws RocksDBException {
        boolean exists = Files.exists(settings.folder().resolve("CURRENT"));
        if (!exists) {
            requireList();
        }
        try {
            String lost = exists ? lost() : null;
            if (lost == null) {
                Database database = new Database(settings, false);
                ReplayLog.report(settings.folder());
                return settings.recover() ? Recovery.check(settings, database) : database;
            }
            if (!settings.recover()) {
                throw new StorageException(
                        "Broker store "
                                + settings.folder()
                                + " cannot be opened: "
                                + Failures.damaged(lost));
            }
            LOG.warn("Broker store is damaged, recovering what can be read: {}", lost);
            return Recovery.run(settings, lost, false);
        } catch (RocksDBException e) {
            Status status = e.getStatus();
            boolean damaged = status != null && status.getCode() == Status.Code.Corruption;
            if (isInUse(e) || !damaged && !isMissing(e)) {
                throw e;
            }
            requireList();
            if (!settings.recover()) {
                throw e;
            }
            LOG.warn("Broker store is damaged, recovering what can be read: {}", e.getMessage());
            return Recovery.run(settings, String.valueOf(e.getMessage()), true);
        }
    }

    /** Without the list of its files nothing of a store can be read. */
    private void requireList() {
        try {
            String problem = FileList.problem(settings.folder());
            if (problem != null) {
                throw FileList.damaged(settings.folder(), problem);
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private StorageException unreadable(IOException e) {
        return new StorageException(
                "Broker store "
                        + settings.folder()
                        + " cannot be opened: "
                        + e
                        + ". Check that the folder exists on a writable disk and belongs to the"
                        + " user that runs Busbar.",
                e);
    }

    /** Which log has lost what was on the disk, or null if none has. */
    private @Nullable String lost() throws RocksDBException {
        try {
            WalCheck.Suspicion found = WalCheck.of(settings.folder());
            if (found == null) {
                return null;
            }
            byte @Nullable [] group = Database.peek(settings, Meta.GROUP);
            long read = group == null ? 0 : Values.readNumber(group);
            return read >= found.safe()
                    ? null
                    : found.file().getFileName()
                            + ", from byte "
                            + found.offset()
                            + " on: "
                            + (found.safe() - read)
                            + " groups of commits that were on the disk cannot be read";
        } catch (IOException e) {
            throw new RocksDBException(String.valueOf(e.getMessage()));
        }
    }

    /** Brings it to the current format, or makes it; returns the number of shards. */
    private int prepare(Database database) throws RocksDBException {
        formats.prepare(database, settings);
        long shards = Meta.read(database, Meta.SHARDS);
        if (shards != settings.shards()) {
            LOG.info(
                    "Broker store keeps its {} shards: their number is decided when it is made"
                            + " (folder={})",
                    shards,
                    settings.folder());
        }
        return (int) shards;
    }

    private void createFolder() {
        Path folder = settings.folder();
        try {
            if (Files.isDirectory(folder)) {
                return;
            }
            Path parent = folder.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.createDirectory(folder, ownerOnly());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isInUse(RocksDBException e) {
        String detail = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return detail.contains("lock hold") || detail.contains("while lock file");
    }

    private static boolean isMissing(RocksDBException e) {
        String detail = String.valueOf(e.getMessage());
        return detail.contains("No such file") || detail.contains("Missing");
    }

    private StorageException failure(RocksDBException e) {
        Path folder = settings.folder();
        String detail = String.valueOf(e.getMessage());
        String store = "Broker store " + folder + " cannot be opened: ";
        if (isInUse(e)) {
            return new StorageException(
                    store
                            + "another Busbar"
                            + LockOwner.describe(folder.resolve("LOCK"))
                            + " uses it. Stop that one, or give this one a data folder of its own.",
                    e);
        }
        if (detail.contains("olumn famil")) {
            return new StorageException(
                    store
                            + "a newer Busbar has written it ("
                            + detail
                            + "). Start that version, or restore a backup made before the update.",
                    e);
        }
        if (isMissing(e)) {
            return new StorageException(store + Failures.damaged(detail), e);
        }
        return Failures.of("cannot be opened", folder, e);
    }
}
