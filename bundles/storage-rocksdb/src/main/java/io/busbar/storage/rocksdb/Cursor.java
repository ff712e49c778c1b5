package io.busbar.storage.rocksdb;

import java.util.Arrays;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/**
 * A walk over keys in their order. It outlives a database that is closed and opened again; then,
 * and when it has held on to the past for long enough, it goes on from where it stands in what
 * there is now. Not thread-safe; must be closed.
 */
final class Cursor implements AutoCloseable {
    /** So many steps, then files and memory that are not needed any more are let go. */
    private static final int MOST_STEPS = 100_000;

    private static final long MOST_NANOS = 10_000_000_000L;

    private final Database database;
    private final Family family;
    private final ReadOptions options;
    private final byte[] from;
    private final @Nullable Slice end;
    private final byte @Nullable [] head;

    private @Nullable RocksIterator iterator;
    private int generation;
    private int steps;
    private long since;
    private byte @Nullable [] key;
    private byte @Nullable [] value;

    private boolean moved;

    /**
     * See {@link Database#cursor}.
     *
     * @param from where it begins
     * @param to the first key that is not in it; empty for none
     * @param headBytes how many bytes of the values to read; 0 for all
     */
    Cursor(
            Database database,
            Family family,
            ReadOptions options,
            byte[] from,
            byte[] to,
            int headBytes) {
        this.database = database;
        this.family = family;
        this.options = options;
        this.from = from;
        head = headBytes == 0 ? null : new byte[headBytes];
        end = to.length == 0 ? null : new Slice(to);
        if (end != null) {
            options.setIterateUpperBound(end);
        }
    }

    /** Goes to the first whose key is not less; false if there is none. */
    boolean seek(byte[] target) {
        database.enter();
        try {
            RocksIterator at = iterator();
            at.seek(target);
            moved = true;
            return arrive(at);
        } finally {
            database.leave();
        }
    }

    /** Goes to the next, or the first; false if there is none. */
    boolean next() {
        if (!moved) {
            return seek(from);
        }
        if (key == null) {
            return false;
        }
        database.enter();
        try {
            RocksIterator open = iterator;
            if (open != null && generation == database.generation() && !isOld()) {
                steps++;
                open.next();
                return arrive(open);
            }
            letGo();
            byte[] here = key;
            RocksIterator again = iterator();
            again.seek(here);
            if (again.isValid() && Arrays.equals(again.key(), here)) {
                again.next();
            }
            return arrive(again);
        } finally {
            database.leave();
        }
    }

    private boolean isOld() {
        return steps >= MOST_STEPS
                || (steps & 0xFF) == 0xFF && System.nanoTime() - since > MOST_NANOS;
    }

    private boolean arrive(RocksIterator at) {
        if (at.isValid()) {
            key = at.key();
            if (head == null) {
                value = at.value();
            } else {
                at.value(head);
                value = head;
            }
            return true;
        }
        key = null;
        value = null;
        try {
            at.status();
        } catch (RocksDBException e) {
            throw Failures.of("cannot be read", database.folder(), e);
        }
        return false;
    }

    private RocksIterator iterator() {
        RocksIterator open = iterator;
        if (open == null || generation != database.generation()) {
            letGo();
            open = database.entered().newIterator(database.handle(family), options);
            iterator = open;
            generation = database.generation();
            steps = 0;
            since = System.nanoTime();
        }
        return open;
    }

    /** The key it stands on. */
    byte[] key() {
        return standing(key);
    }

    /** The value it stands on, or its beginning, which the next step overwrites. */
    byte[] value() {
        return standing(value);
    }

    private static byte[] standing(byte @Nullable [] on) {
        if (on == null) {
            throw new NoSuchElementException("it stands on nothing");
        }
        return on;
    }

    /** Lets go of the database; goes on later. */
    void letGo() {
        RocksIterator open = iterator;
        if (open != null) {
            open.close();
            iterator = null;
        }
    }

    @Override
    public void close() {
        database.enter();
        try {
            database.forget(this);
            letGo();
            options.close();
            if (end != null) {
                end.close();
            }
        } finally {
            database.leave();
        }
    }
}
