package io.busbar.storage.sqlite;

import io.busbar.api.storage.StorageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The database file: opened for this process alone, checked, brought to the current schema, and
 * closed cleanly. Says in words what is wrong with it and what an operator can do.
 */
final class SqliteFile implements AutoCloseable {
    /** "BUSB": tells our file from somebody else's. */
    static final int APPLICATION_ID = 0x42555342;

    static final String NAME = "documents.db";

    /** Bytes of the smallest page. */
    private static final int SMALLEST = 512;

    /** The step to schema n+1 stands at index n; only ever appended to. */
    private static final String[][] MIGRATIONS = {
        {
            "CREATE TABLE document ("
                    + " collection TEXT NOT NULL,"
                    + " key TEXT NOT NULL,"
                    + " json TEXT NOT NULL,"
                    + " revision INTEGER NOT NULL CHECK (revision > 0),"
                    + " PRIMARY KEY (collection, key)"
                    + ") STRICT"
        }
    };

    private static final Logger LOG = LoggerFactory.getLogger(SqliteFile.class);

    private final Path path;
    private final FileChannel lockFile;
    private final Connection connection;

    private SqliteFile(Path path, FileChannel lockFile, Connection connection) {
        this.path = path;
        this.lockFile = lockFile;
        this.connection = connection;
    }

    /**
     * Opens {@code documents.db} in the folder; makes both if they are not there.
     *
     * @throws StorageException if that is not possible; nothing was changed or deleted then
     */
    static SqliteFile open(Path folder) {
        Path path = folder.resolve(NAME);
        FileChannel lockFile = null;
        Connection connection = null;
        try {
            createFolder(folder);
            lockFile = lock(folder);
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                create(path);
            } else if (Files.size(path) < SMALLEST) {
                // Before SQLite sees it: it would make a new one of it.
                throw damaged(path, "there is nothing in it");
            }
            // Pages that are not complete may be in the log of a server that was killed.
            long bytes = Files.exists(path.resolveSibling(NAME + "-wal")) ? 0 : Files.size(path);
            connection = connect(path);
            if (bytes % number(connection, "PRAGMA page_size") != 0) {
                throw damaged(path, "it is cut short");
            }
            check(connection, path);
            migrate(connection, path);
            SqliteFile file = new SqliteFile(path, lockFile, connection);
            connection = null;
            lockFile = null;
            return file;
        } catch (SQLException e) {
            throw failure("cannot be opened", path, e);
        } catch (IOException e) {
            throw new StorageException(
                    "Document store "
                            + path
                            + " cannot be opened: "
                            + e
                            + ". Check that the folder exists on a writable disk and belongs to the"
                            + " user that runs Busbar.",
                    e);
        } finally {
            closeQuietly(connection);
            closeQuietly(lockFile);
        }
    }

    Path path() {
        return path;
    }

    Connection connection() {
        return connection;
    }

    /** Runs a statement without parameters and result, such as the brackets of a transaction. */
    void execute(String sql) throws SQLException {
        execute(connection, sql);
    }

    /**
     * Tries to write as much as a large document, and takes it away again.
     *
     * @throws SQLException if that is not possible
     */
    void tryToWrite() throws SQLException {
        execute(
                "INSERT OR REPLACE INTO document (collection, key, json, revision)"
                        + " VALUES ('probe', 'probe', hex(zeroblob(32768)), 1)");
        execute("DELETE FROM document WHERE collection = 'probe'");
    }

    /**
     * Writes a copy as of now, on a connection of its own, so that nobody waits for it.
     *
     * @param copy does not exist yet
     * @throws StorageException if that is not possible
     */
    void copyTo(Path copy) {
        try (Connection own = connect(path);
                PreparedStatement vacuum = own.prepareStatement("VACUUM INTO ?")) {
            vacuum.setString(1, copy.toString());
            vacuum.execute();
        } catch (SQLException e) {
            throw failure("cannot be copied to " + copy, path, e);
        }
    }

    /** Empties the write-ahead log into the file and lets go of it. */
    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.warn(
                    "Document store did not close cleanly, nothing is lost: {} (file={})",
                    e.getMessage(),
                    path);
        } finally {
            closeQuietly(lockFile);
        }
    }

    /** Translates what SQLite reports into what happened and what to do. */
    static StorageException failure(String what, Path path, SQLException e) {
        SQLiteErrorCode code =
                e instanceof SQLiteException sqlite
                        ? sqlite.getResultCode()
                        : SQLiteErrorCode.UNKNOWN_ERROR;
        String name = code.name();
        String why;
        if (name.startsWith("SQLITE_FULL")) {
            why =
                    "the disk is full. Nothing was changed. Free some space on the disk of "
                            + path.getParent();
        } else if (name.startsWith("SQLITE_READONLY")) {
            why =
                    "it is read-only. Nothing was changed. Make the file, its folder and the disk"
                            + " writable for the user that runs Busbar";
        } else if (name.startsWith("SQLITE_CORRUPT") || name.startsWith("SQLITE_NOTADB")) {
            why = damaged(e.getMessage());
        } else if (name.startsWith("SQLITE_BUSY") || name.startsWith("SQLITE_LOCKED")) {
            why =
                    "another program has locked it. Nothing was changed. Close whatever else has"
                            + " the file open";
        } else if (name.startsWith("SQLITE_CANTOPEN")) {
            why =
                    "the file or one beside it (-wal, -shm) cannot be opened. Check the owner and"
                            + " the permissions of the folder";
        } else if (name.startsWith("SQLITE_IOERR")) {
            why =
                    "the disk reported an error ("
                            + e.getMessage()
                            + "). Check the disk and the system's log";
        } else {
            why = e.getMessage();
        }
        return new StorageException("Document store " + path + " " + what + ": " + why + ".", e);
    }

    private static String damaged(String detail) {
        return "it is damaged ("
                + detail
                + "). Nothing was deleted. Restore a backup of the file, or move it away together"
                + " with the files "
                + NAME
                + "-wal and "
                + NAME
                + "-shm beside it to start empty";
    }

    private static void createFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try {
            Files.createDirectory(folder, permissions("rwx------"));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    /**
     * The first start. The file gets its name when it is complete, so that one without content was
     * damaged by somebody else and is never taken for a new one.
     */
    private static void create(Path path) throws IOException, SQLException {
        Path log = path.resolveSibling(NAME + "-wal");
        if (Files.exists(log, LinkOption.NOFOLLOW_LINKS)) {
            throw new StorageException(
                    "Document store "
                            + path
                            + " cannot be opened: the file is missing, but "
                            + log.getFileName()
                            + ", which belongs to it, is there. Put the file back, or move that"
                            + " one away to start empty.");
        }
        Path fresh = path.resolveSibling(NAME + ".new");
        deleteAll(fresh);
        // SQLite gives the files beside it the same permissions.
        Files.createFile(fresh, permissions("rw-------"));
        try (Connection connection = connect(fresh)) {
            migrate(connection, path);
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    }

    /** What a start that was cut short has left. */
    private static void deleteAll(Path fresh) throws IOException {
        for (String end : new String[] {"", "-wal", "-shm", "-journal"}) {
            Files.deleteIfExists(fresh.resolveSibling(fresh.getFileName() + end));
        }
    }

    private static FileAttribute<?>[] permissions(String text) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text))
                }
                : new FileAttribute<?>[0];
    }

    /** Two servers on one data folder would each keep their own picture of it. */
    private static FileChannel lock(Path folder) throws IOException {
        Path path = folder.resolve("lock");
        FileChannel channel =
                FileChannel.open(
                        path,
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        permissions("rw-------"));
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            LOG.debug("Document store is in use by this process (folder={})", folder, e);
        } finally {
            if (lock == null) {
                closeQuietly(channel);
            }
        }
        if (lock == null) {
            throw new StorageException(
                    "Document store "
                            + folder.resolve(NAME)
                            + " is in use by another Busbar. Stop that one, or give this one a data"
                            + " folder of its own.");
        }
        return channel;
    }

    private static Connection connect(Path path) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        config.setBusyTimeout(5_000);
        try {
            // Not DriverManager: it sees only drivers of its caller's class loader, which in OSGi
            // is not SQLite's.
            return JDBC.createConnection("jdbc:sqlite:" + path, config.toProperties());
        } catch (LinkageError e) {
            throw new StorageException(
                    "Document store "
                            + path
                            + " cannot be opened: SQLite's native library does not load here ("
                            + e.getMessage()
                            + "). Check that the temporary folder "
                            + System.getProperty(
                                    "org.sqlite.tmpdir", System.getProperty("java.io.tmpdir"))
                            + " is writable and not mounted noexec.",
                    e);
        }
    }

    private static void check(Connection connection, Path path) throws SQLException {
        long id = number(connection, "PRAGMA application_id");
        if (id == 0 && number(connection, "SELECT count(*) FROM sqlite_schema") == 0) {
            throw damaged(path, "there is nothing in it");
        }
        if (id != APPLICATION_ID) {
            throw new StorageException(
                    "Document store "
                            + path
                            + " cannot be opened: the file was not made by Busbar. Nothing was"
                            + " changed. Move it away to start empty.");
        }
        String result = text(connection, "PRAGMA quick_check(1)");
        if (!result.equals("ok")) {
            throw damaged(path, result);
        }
    }

    private static StorageException damaged(Path path, String detail) {
        return new StorageException(
                "Document store " + path + " cannot be opened: " + damaged(detail) + ".");
    }

    private static void migrate(Connection connection, Path path) throws SQLException {
        long version = number(connection, "PRAGMA user_version");
        if (version > MIGRATIONS.length) {
            throw new StorageException(
                    "Document store "
                            + path
                            + " cannot be opened: a newer Busbar has written it (format "
                            + version
                            + ", this one knows "
                            + MIGRATIONS.length
                            + "). Start that version, or restore a backup made before the update.");
        }
        for (int step = (int) version; step < MIGRATIONS.length; step++) {
            execute(connection, "BEGIN IMMEDIATE");
            for (String sql : MIGRATIONS[step]) {
                execute(connection, sql);
            }
            execute(connection, "PRAGMA application_id = " + APPLICATION_ID);
            execute(connection, "PRAGMA user_version = " + (step + 1));
            // Closing the connection rolls back what did not come this far.
            execute(connection, "COMMIT");
            LOG.info("Document store brought to format {} (file={})", step + 1, path);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : "";
        }
    }

    private static void closeQuietly(@org.jspecify.annotations.Nullable AutoCloseable resource) {
        if (resource != null) {
            try {
                resource.close();
            } catch (Exception e) {
                LOG.debug("Closing failed", e);
            }
        }
    }
}
