package io.busbar.storage.rocksdb;

import io.busbar.api.storage.StorageException;
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

    /** So many steps of {@link #forEach} hold the database open. */
    private static final int STEPS_AT_ONCE = 256;

    private static final int FEW_BYTES = 64;

    private final Database database;
    private final Family family;
    private final ReadOptions options;
    private final byte[] from;
    private final @Nullable Slice end;
    private final boolean headOnly;

    private @Nullable RocksIterator iterator;
    private int generation;
    private int steps;
    private long since;
    private boolean moved;
    private boolean standing;

    /** Where it stands. The arrays are kept for the next step, and longer. */
    private byte[] key = new byte[FEW_BYTES];

    private int keyLength;
    private byte[] value;
    private int valueLength;

    /** Values are read when they are asked for: they may be large, and many are passed over. */
    private boolean valueRead;

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
        headOnly = headBytes > 0;
        value = new byte[headOnly ? headBytes : FEW_BYTES];
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
        database.enter();
        try {
            return step();
        } finally {
            database.leave();
        }
    }

    /**
     * Goes to all that follow. Many steps are made at once, so an action should be short, and must
     * not change the database.
     */
    void forEach(Runnable action) {
        boolean more = true;
        while (more) {
            database.enter();
            try {
                for (int i = 0; more && i < STEPS_AT_ONCE; i++) {
                    more = step();
                    if (more) {
                        action.run();
                    }
                }
            } finally {
                database.leave();
            }
        }
    }

    /** The next step, while the database is held open. */
    private boolean step() {
        if (!moved) {
            return seek(from);
        }
        if (!standing) {
            return false;
        }
        RocksIterator open = iterator;
        if (open != null && generation == database.generation() && !isOld()) {
            steps++;
            open.next();
            return arrive(open);
        }
        letGo();
        byte[] here = key();
        RocksIterator again = iterator();
        again.seek(here);
        if (again.isValid() && Arrays.equals(again.key(), here)) {
            again.next();
        }
        return arrive(again);
    }

    private boolean isOld() {
        return steps >= MOST_STEPS
                || (steps & 0xFF) == 0xFF && System.nanoTime() - since > MOST_NANOS;
    }

    private boolean arrive(RocksIterator at) {
        standing = at.isValid();
        if (standing) {
            keyLength = at.key(key);
            if (keyLength > key.length) {
                key = new byte[2 * keyLength];
                keyLength = at.key(key);
            }
            valueRead = false;
            return true;
        }
        check(at);
        return false;
    }

    private void check(RocksIterator at) {
        try {
            at.status();
        } catch (RocksDBException e) {
            throw Failures.of("cannot be read", database.folder(), e);
        }
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

    /** A copy of the key it stands on. */
    byte[] key() {
        return Arrays.copyOf(keyBytes(), keyLength);
    }

    /** A copy of the value it stands on. */
    byte[] value() {
        needStanding();
        if (valueRead || headOnly) {
            return Arrays.copyOf(valueBytes(), valueLength);
        }
        database.enter();
        try {
            return here().value();
        } finally {
            database.leave();
        }
    }

    private void readValue() {
        database.enter();
        try {
            RocksIterator at = here();
            valueLength = at.value(value);
            if (headOnly) {
                valueLength = Math.min(valueLength, value.length);
            } else if (valueLength > value.length) {
                value = new byte[2 * valueLength];
                valueLength = at.value(value);
            }
            valueRead = true;
        } finally {
            database.leave();
        }
    }

    /** Where it stands, in the database as it is open now. */
    private RocksIterator here() {
        RocksIterator open = iterator;
        if (open != null && generation == database.generation()) {
            return open;
        }
        RocksIterator again = iterator();
        byte[] here = key();
        again.seek(here);
        if (!again.isValid()) {
            check(again);
        }
        if (!again.isValid() || !Arrays.equals(again.key(), here)) {
            letGo();
            throw new StorageException(
                    "Broker store "
                            + database.folder()
                            + " was opened again meanwhile: what was to be read is gone.");
        }
        return again;
    }

    /** The key it stands on, as far as {@link #keyLength}; the next step overwrites it. */
    byte[] keyBytes() {
        needStanding();
        return key;
    }

    int keyLength() {
        return keyLength;
    }

    /**
     * The value it stands on or its head, as far as {@link #valueLength}; the next step overwrites
     * it.
     */
    byte[] valueBytes() {
        needStanding();
        if (!valueRead) {
            readValue();
        }
        return value;
    }

    /** After {@link #valueBytes}. */
    int valueLength() {
        return valueLength;
    }

    private void needStanding() {
        if (!standing) {
            throw new NoSuchElementException("it stands on nothing");
        }
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
