package io.busbar.storage.rocksdb;

import io.busbar.api.storage.StorageException;
import io.busbar.storage.rocksdb.record.Keys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB, which can be closed and opened again while others use it: after a failed sync nothing
 * can be assumed about what it holds in memory, and opening it reads everything anew and writes it
 * again. Meanwhile readers wait; if it cannot be opened they fail. Thread-safe.
 */
final class Database implements Log, AutoCloseable {
    /** Works on the open database. */
    @FunctionalInterface
    interface Work<T> {
        T on(RocksDB database) throws RocksDBException;
    }

    private static final int READ_AHEAD_BYTES = 512 << 10;
    private static final byte[] NOTHING = new byte[0];

    private final Settings settings;
    private final Tuning tuning;
    private final WriteOptions plain = new WriteOptions();
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final ReentrantReadWriteLock access = new ReentrantReadWriteLock();
    private final Map<Family, ColumnFamilyHandle> handles = new EnumMap<>(Family.class);
    private final Set<Cursor> cursors = new HashSet<>();
    private final int[] ids = new int[Family.values().length];

    private @Nullable RocksDB database;
    private boolean closed;

    /** How often it was opened: what was read from an earlier one has to be looked for again. */
    private int generation;

    /**
     * Opens it.
     *
     * @param bestEfforts whether to go back to the last state whose files are all there
     */
    Database(Settings settings, boolean bestEfforts) throws RocksDBException {
        this.settings = settings;
        this.tuning = new Tuning(settings, bestEfforts);
        boolean opened = false;
        try {
            open();
            for (Family family : Family.values()) {
                ids[family.ordinal()] = handle(family).getID();
            }
            opened = true;
        } finally {
            if (!opened) {
                close();
            }
        }
    }

    /**
     * What a store knows about itself under a key, as far as its logs can be read. Its files stay
     * as they are.
     */
    static byte @Nullable [] peek(Settings settings, byte[] key) throws RocksDBException {
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (Tuning tuning = new Tuning(settings, false);
                RocksDB open =
                        RocksDB.openReadOnly(
                                tuning.options(),
                                settings.folder().toString(),
                                tuning.families(),
                                handles)) {
            try {
                return open.get(handles.get(Family.META.ordinal()), key);
            } finally {
                handles.forEach(ColumnFamilyHandle::close);
            }
        }
    }

    private void open() throws RocksDBException {
        List<ColumnFamilyHandle> opened = new ArrayList<>();
        database =
                RocksDB.open(
                        tuning.options(), settings.folder().toString(), tuning.families(), opened);
        for (Family family : Family.values()) {
            handles.put(family, opened.get(family.ordinal()));
        }
        generation++;
    }

    Path folder() {
        return settings.folder();
    }

    /** The number by which changes name a family. */
    int id(Family family) {
        return ids[family.ordinal()];
    }

    /** To be used in {@link Work} only. */
    ColumnFamilyHandle handle(Family family) {
        ColumnFamilyHandle handle = handles.get(family);
        if (handle == null) {
            throw Failures.closed(folder());
        }
        return handle;
    }

    /** Reads, or fails with what an operator can do. */
    <T> T read(Work<T> work) {
        try {
            return with(work);
        } catch (RocksDBException e) {
            throw Failures.of("cannot be read", folder(), e);
        }
    }

    /** Works on the database; it is not closed meanwhile. */
    <T> T with(Work<T> work) throws RocksDBException {
        access.readLock().lock();
        try {
            return work.on(current());
        } finally {
            access.readLock().unlock();
        }
    }

    private RocksDB current() {
        RocksDB current = database;
        if (current == null) {
            throw closed
                    ? Failures.closed(folder())
                    : new StorageException(
                            "Broker store "
                                    + folder()
                                    + " cannot be read: it is being opened again after a failure"
                                    + " of the disk.");
        }
        return current;
    }

    /**
     * Makes a copy of the files as they are now. On the same disk, those that do not change are
     * links and take no room.
     *
     * @param folder does not exist yet
     * @throws StorageException if that is not possible
     */
    void copyTo(Path folder) {
        try {
            with(
                    open -> {
                        try (Checkpoint checkpoint = Checkpoint.create(open)) {
                            checkpoint.createCheckpoint(folder.toString());
                        }
                        return null;
                    });
        } catch (RocksDBException e) {
            throw Failures.of("cannot be copied to " + folder, folder(), e);
        }
    }

    byte @Nullable [] get(Family family, byte[] key) {
        return read(open -> open.get(handle(family), key));
    }

    boolean exists(Family family, byte[] key) {
        return read(open -> open.get(handle(family), key, NOTHING)) != RocksDB.NOT_FOUND;
    }

    /**
     * Opens a walk over keys, for few of them.
     *
     * @param to the first key that is not in it; empty for none
     */
    Cursor cursor(Family family, byte[] from, byte[] to) {
        return cursor(family, new ReadOptions(), from, to, 0);
    }

    /**
     * Opens a walk over all keys with this beginning. What is read once does not push out what is
     * read often.
     *
     * @param headBytes how many bytes of the values to read; 0 for all
     */
    Cursor all(Family family, byte[] beginning, int headBytes) {
        ReadOptions options =
                new ReadOptions().setFillCache(false).setReadaheadSize(READ_AHEAD_BYTES);
        return cursor(family, options, beginning, Keys.after(beginning), headBytes);
    }

    private Cursor cursor(
            Family family, ReadOptions options, byte[] from, byte[] to, int headBytes) {
        access.readLock().lock();
        try {
            Cursor cursor = new Cursor(this, family, options, from, to, headBytes);
            synchronized (cursors) {
                cursors.add(cursor);
            }
            return cursor;
        } finally {
            access.readLock().unlock();
        }
    }

    /** Holds the database open for a step of a cursor. */
    void enter() {
        access.readLock().lock();
    }

    void leave() {
        access.readLock().unlock();
    }

    /** Between {@link #enter} and {@link #leave}. */
    RocksDB entered() {
        return current();
    }

    /** Between {@link #enter} and {@link #leave}. */
    int generation() {
        return generation;
    }

    void forget(Cursor cursor) {
        synchronized (cursors) {
            cursors.remove(cursor);
        }
    }

    @Override
    public void write(byte[] changes, boolean sync) throws RocksDBException {
        with(
                open -> {
                    try (WriteBatch batch = new WriteBatch(changes)) {
                        open.write(sync ? synced : plain, batch);
                    }
                    return null;
                });
    }

    @Override
    public void reopen() throws RocksDBException {
        access.writeLock().lock();
        try {
            if (closed) {
                throw Failures.closed(folder());
            }
            shut();
            open();
        } finally {
            access.writeLock().unlock();
        }
    }

    @Override
    public byte @Nullable [] meta(byte[] key) throws RocksDBException {
        return with(open -> open.get(handle(Family.META), key));
    }

    /** Everything that holds on to the open database goes before it. */
    private void shut() {
        synchronized (cursors) {
            cursors.forEach(Cursor::letGo);
        }
        handles.values().forEach(ColumnFamilyHandle::close);
        handles.clear();
        RocksDB open = database;
        if (open != null) {
            open.cancelAllBackgroundWork(true);
            open.close();
        }
        database = null;
    }

    @Override
    public void close() {
        access.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            shut();
            plain.close();
            synced.close();
            tuning.close();
        } finally {
            access.writeLock().unlock();
        }
    }
}
