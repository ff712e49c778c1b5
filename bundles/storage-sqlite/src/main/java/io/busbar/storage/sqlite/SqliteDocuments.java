package io.busbar.storage.sqlite;

import io.busbar.api.health.Finding;
import io.busbar.api.health.spi.HealthCheck;
import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.storage.StorageException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Documents in one SQLite file. One connection and one lock: reads and commits follow one another,
 * so that every reader sees whole commits. A commit is on the disk (WAL, {@code synchronous=FULL})
 * when it returns.
 */
final class SqliteDocuments implements Documents, HealthCheck, AutoCloseable {
    private static final String GET =
            "SELECT json, revision FROM document WHERE collection = ? AND key = ?";
    private static final String SCAN =
            "SELECT key, json, revision FROM document WHERE collection = ? ORDER BY key";
    private static final String PUT =
            "INSERT INTO document (collection, key, json, revision) VALUES (?, ?, ?, ?)"
                    + " ON CONFLICT (collection, key)"
                    + " DO UPDATE SET json = excluded.json, revision = excluded.revision";
    private static final String DELETE = "DELETE FROM document WHERE collection = ? AND key = ?";

    private static final Logger LOG = LoggerFactory.getLogger(SqliteDocuments.class);
    private static final Pattern COLLECTION = Pattern.compile("[a-z0-9_]{1,40}");
    private static final int MAX_KEY_LENGTH = 255;

    private final SqliteFile file;
    private final Disk disk;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean closed;

    /** Why the last commit failed; null if it did not. */
    private volatile @Nullable StorageException lastFailure;

    /**
     * Opens the store in a folder.
     *
     * @throws StorageException if the file cannot be opened; says what to do
     */
    static SqliteDocuments open(Path folder) {
        return open(folder, Disk.REAL);
    }

    static SqliteDocuments open(Path folder, Disk disk) {
        return new SqliteDocuments(SqliteFile.open(folder), disk);
    }

    private SqliteDocuments(SqliteFile file, Disk disk) {
        this.file = file;
        this.disk = disk;
    }

    /** Writes everything into the file and lets go of it. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                file.close();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Document> get(String collection, String key) {
        lock.lock();
        try (PreparedStatement get = open().prepareStatement(GET)) {
            return Optional.ofNullable(read(get, collection, key));
        } catch (SQLException e) {
            throw SqliteFile.failure("cannot be read", file.path(), e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void scan(String collection, Consumer<Document> each) {
        lock.lock();
        try (PreparedStatement scan = open().prepareStatement(SCAN)) {
            scan.setString(1, collection);
            try (ResultSet rows = scan.executeQuery()) {
                while (rows.next()) {
                    each.accept(
                            new Document(
                                    collection,
                                    rows.getString(1),
                                    rows.getString(2),
                                    rows.getLong(3)));
                }
            }
        } catch (SQLException e) {
            throw SqliteFile.failure("cannot be read", file.path(), e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Document> commit(List<DocumentChange> changes) {
        List<Document> written = new ArrayList<>(changes.size());
        commit(changes, written::add);
        return written;
    }

    @Override
    public void commitEach(Iterable<DocumentChange> changes) {
        commit(changes, written -> {});
    }

    private void commit(Iterable<DocumentChange> changes, Consumer<Document> written) {
        lock.lock();
        try {
            Connection connection = open();
            boolean done = false;
            file.execute("BEGIN IMMEDIATE");
            try {
                // Prepared anew for each commit: after a failure such as a full disk the driver
                // does not let a statement be used again.
                try (PreparedStatement get = connection.prepareStatement(GET);
                        PreparedStatement put = connection.prepareStatement(PUT);
                        PreparedStatement delete = connection.prepareStatement(DELETE)) {
                    Statements statements = new Statements(get, put, delete);
                    for (DocumentChange change : changes) {
                        written.accept(apply(change, statements));
                    }
                }
                file.execute("COMMIT");
                done = true;
                lastFailure = null;
            } finally {
                if (!done) {
                    rollback();
                }
            }
        } catch (SQLException e) {
            throw failed(e);
        } finally {
            lock.unlock();
        }
    }

    private StorageException failed(SQLException e) {
        StorageException failure = SqliteFile.failure("cannot be written", file.path(), e);
        lastFailure = failure;
        return failure;
    }

    /**
     * Why nothing can be written. Once a commit has failed, it tries again, so that a disk which
     * has space again is well without anybody doing something. Before that it looks at the disk.
     */
    @Override
    public List<Finding> findings() {
        Optional<String> full = disk.problem(file.path());
        if (full.isPresent() || lastFailure == null) {
            return full.map(SqliteDocuments::down).orElse(List.of());
        }
        lock.lock();
        try {
            open();
            file.tryToWrite();
            lastFailure = null;
            return List.of();
        } catch (SQLException e) {
            return down(failed(e).getMessage());
        } catch (StorageException stopping) {
            return down(stopping.getMessage());
        } finally {
            lock.unlock();
        }
    }

    private static List<Finding> down(String detail) {
        return List.of(Finding.down("storage", detail));
    }

    /**
     * Writes a copy as of now. Reads and commits go on meanwhile.
     *
     * @param copy does not exist yet
     * @throws StorageException if that is not possible
     */
    void copyTo(Path copy) {
        lock.lock();
        try {
            open();
        } finally {
            lock.unlock();
        }
        file.copyTo(copy);
    }

    /** What one commit runs. */
    private record Statements(
            PreparedStatement get, PreparedStatement put, PreparedStatement delete) {}

    /** The file, for tests. */
    SqliteFile file() {
        return file;
    }

    private static Document apply(DocumentChange change, Statements statements)
            throws SQLException {
        validate(change);
        String collection = change.collection();
        String key = change.key();
        Document old = read(statements.get(), collection, key);
        long revision = old == null ? 0 : old.revision();
        if (change.expectedRevision() != DocumentChange.ANY
                && change.expectedRevision() != revision) {
            throw conflict(change, revision);
        }
        if (change.json() == null) {
            PreparedStatement delete = statements.delete();
            delete.setString(1, collection);
            delete.setString(2, key);
            delete.executeUpdate();
            return new Document(collection, key, "{}", 0);
        }
        PreparedStatement put = statements.put();
        put.setString(1, collection);
        put.setString(2, key);
        put.setString(3, change.json());
        put.setLong(4, revision + 1);
        put.executeUpdate();
        return new Document(collection, key, change.json(), revision + 1);
    }

    private static @Nullable Document read(PreparedStatement get, String collection, String key)
            throws SQLException {
        get.setString(1, collection);
        get.setString(2, key);
        try (ResultSet rows = get.executeQuery()) {
            return rows.next()
                    ? new Document(collection, key, rows.getString(1), rows.getLong(2))
                    : null;
        }
    }

    private void rollback() {
        try {
            file.execute("ROLLBACK");
        } catch (SQLException e) {
            // SQLite rolls back by itself when the disk is full or broken.
            LOG.debug("Rollback after a failed commit failed too (file={})", file.path(), e);
        }
    }

    private Connection open() {
        if (closed) {
            throw new StorageException(
                    "Document store "
                            + file.path()
                            + " is closed: the server is stopping or reconfiguring it.");
        }
        return file.connection();
    }

    private static ConflictException conflict(DocumentChange change, long revision) {
        String what = change.collection() + "/" + change.key();
        if (change.expectedRevision() == 0) {
            return new ConflictException(what + " exists already");
        }
        return new ConflictException(
                revision == 0
                        ? what + " does not exist any more"
                        : what + " was changed by somebody else (revision " + revision + ")");
    }

    private static void validate(DocumentChange change) {
        if (!COLLECTION.matcher(change.collection()).matches()) {
            throw new IllegalArgumentException(
                    "collection: " + change.collection() + " (expected: 1 to 40 of a-z, 0-9, _)");
        }
        int length = change.key().length();
        if (length == 0 || length > MAX_KEY_LENGTH) {
            throw new IllegalArgumentException(
                    "key: " + length + " characters (expected: 1 to " + MAX_KEY_LENGTH + ")");
        }
        String json = change.json();
        if (json != null && !(json.startsWith("{") && json.endsWith("}"))) {
            throw new IllegalArgumentException(
                    "json of " + change.collection() + "/" + change.key() + ": not an object");
        }
        if (change.expectedRevision() < DocumentChange.ANY) {
            throw new IllegalArgumentException(
                    "expectedRevision: " + change.expectedRevision() + " (expected: >= -1)");
        }
    }
}
