package io.busbar.storage.sqlite;

import io.busbar.api.storage.ConflictException;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.storage.StorageException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Documents in one SQLite file. One connection and one lock: reads and commits follow one another,
 * so that every reader sees whole commits. A commit is on the disk (WAL, {@code synchronous=FULL})
 * when it returns.
 */
final class SqliteDocuments implements Documents, AutoCloseable {
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
    private final ReentrantLock lock = new ReentrantLock();
    private boolean closed;

    /**
     * Opens the store in a folder.
     *
     * @throws StorageException if the file cannot be opened; says what to do
     */
    static SqliteDocuments open(Path folder) {
        return new SqliteDocuments(SqliteFile.open(folder));
    }

    private SqliteDocuments(SqliteFile file) {
        this.file = file;
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
        try {
            requireOpen();
            return Optional.ofNullable(read(collection, key));
        } catch (SQLException e) {
            throw SqliteFile.failure("cannot be read", file.path(), e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Document> scan(String collection) {
        lock.lock();
        try {
            requireOpen();
            List<Document> found = new ArrayList<>();
            try (PreparedStatement scan = file.connection().prepareStatement(SCAN)) {
                scan.setString(1, collection);
                try (ResultSet rows = scan.executeQuery()) {
                    while (rows.next()) {
                        found.add(
                                new Document(
                                        collection,
                                        rows.getString(1),
                                        rows.getString(2),
                                        rows.getLong(3)));
                    }
                }
            }
            return found;
        } catch (SQLException e) {
            throw SqliteFile.failure("cannot be read", file.path(), e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<Document> commit(List<DocumentChange> changes) {
        changes.forEach(SqliteDocuments::validate);
        lock.lock();
        try {
            requireOpen();
            boolean done = false;
            file.execute("BEGIN IMMEDIATE");
            try {
                List<Document> written = new ArrayList<>(changes.size());
                for (DocumentChange change : changes) {
                    written.add(apply(change));
                }
                file.execute("COMMIT");
                done = true;
                return written;
            } finally {
                if (!done) {
                    rollback();
                }
            }
        } catch (SQLException e) {
            throw SqliteFile.failure("cannot be written", file.path(), e);
        } finally {
            lock.unlock();
        }
    }

    /** The file, for tests. */
    SqliteFile file() {
        return file;
    }

    private Document apply(DocumentChange change) throws SQLException {
        String collection = change.collection();
        String key = change.key();
        Document old = read(collection, key);
        long revision = old == null ? 0 : old.revision();
        if (change.expectedRevision() != DocumentChange.ANY
                && change.expectedRevision() != revision) {
            throw conflict(change, revision);
        }
        // Prepared anew each time: after a failure such as a full disk the driver does not let a
        // statement be used again.
        if (change.json() == null) {
            try (PreparedStatement delete = file.connection().prepareStatement(DELETE)) {
                delete.setString(1, collection);
                delete.setString(2, key);
                delete.executeUpdate();
            }
            return new Document(collection, key, "{}", 0);
        }
        try (PreparedStatement put = file.connection().prepareStatement(PUT)) {
            put.setString(1, collection);
            put.setString(2, key);
            put.setString(3, change.json());
            put.setLong(4, revision + 1);
            put.executeUpdate();
        }
        return new Document(collection, key, change.json(), revision + 1);
    }

    private @Nullable Document read(String collection, String key) throws SQLException {
        try (PreparedStatement get = file.connection().prepareStatement(GET)) {
            get.setString(1, collection);
            get.setString(2, key);
            try (ResultSet rows = get.executeQuery()) {
                return rows.next()
                        ? new Document(collection, key, rows.getString(1), rows.getLong(2))
                        : null;
            }
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

    private void requireOpen() {
        if (closed) {
            throw new StorageException(
                    "Document store "
                            + file.path()
                            + " is closed: the server is stopping or reconfiguring it.");
        }
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
