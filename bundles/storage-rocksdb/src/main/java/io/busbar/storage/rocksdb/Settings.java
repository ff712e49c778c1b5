package io.busbar.storage.rocksdb;

import java.nio.file.Path;

/**
 * How a store is opened.
 *
 * @param folder where its files are
 * @param shards into how many shards a new store is divided
 * @param sync whether SAFE commits are written through to the disk
 * @param memoryBytes most native memory for blocks, indexes and what is not written yet
 * @param reserveBytes of the disk that are to stay free
 * @param maxBytes most that the files may take, or 0 for any
 * @param recover whether to open what can be opened of a damaged store
 */
record Settings(
        Path folder,
        int shards,
        boolean sync,
        long memoryBytes,
        long reserveBytes,
        long maxBytes,
        boolean recover) {
    static final int SHARDS = 8;
    static final long MB = 1 << 20;
    static final long LEAST_MEMORY = 24 * MB;
    static final long RESERVE = 64 * MB;

    /** The defaults. */
    static Settings of(Path folder) {
        return new Settings(folder, SHARDS, true, LEAST_MEMORY, RESERVE, 0, false);
    }

    Settings withFolder(Path other) {
        return new Settings(other, shards, sync, memoryBytes, reserveBytes, maxBytes, recover);
    }

    Settings withRecover(boolean recover) {
        return new Settings(folder, shards, sync, memoryBytes, reserveBytes, maxBytes, recover);
    }

    Settings withSpace(long reserveBytes, long maxBytes) {
        return new Settings(folder, shards, sync, memoryBytes, reserveBytes, maxBytes, recover);
    }
}
