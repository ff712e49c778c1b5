package io.busbar.storage.rocksdb;

import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Where the {@link Committer} writes. */
interface Log {
    /**
     * Applies changes, all or none.
     *
     * @param changes in the form of RocksDB's batches
     * @param sync whether they have to be on the disk when the call returns
     */
    void write(byte[] changes, boolean sync) throws RocksDBException;

    /**
     * Begins anew after a failure: afterwards all that can be read is on the disk. The failed
     * changes may be there or not.
     */
    void reopen() throws RocksDBException;

    /** What the store knows about itself under a key. */
    byte @Nullable [] meta(byte[] key) throws RocksDBException;
}
