/**
 * Keeps the broker's state in RocksDB. {@link io.busbar.storage.rocksdb.Committer} is the one
 * writer; {@link io.busbar.storage.rocksdb.Database} is what it writes to and everybody reads from.
 */
@NullMarked
package io.busbar.storage.rocksdb;

import org.jspecify.annotations.NullMarked;
