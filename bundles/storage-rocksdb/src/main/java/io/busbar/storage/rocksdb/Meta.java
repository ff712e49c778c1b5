package io.busbar.storage.rocksdb;

import io.busbar.storage.rocksdb.record.Values;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** What a store knows about itself: numbers under names. */
final class Meta {
    /** The number of the format of keys and values. */
    static final byte[] FORMAT = name("format");

    static final byte[] SHARDS = name("shards");

    /** The number of the last group of commits that was written. */
    static final byte[] GROUP = name("group");

    private static final byte[] EPOCH = name("epoch");

    private Meta() {}

    private static byte[] name(String name) {
        return name.getBytes(StandardCharsets.US_ASCII);
    }

    /** The last epoch of a shard. */
    static byte[] epoch(int shard) {
        byte[] key = Arrays.copyOf(EPOCH, EPOCH.length + 2);
        key[EPOCH.length] = (byte) (shard >>> 8);
        key[EPOCH.length + 1] = (byte) shard;
        return key;
    }

    /** A number, or 0 if there is none. */
    static long read(Log log, byte[] key) throws RocksDBException {
        byte @Nullable [] value = log.meta(key);
        return value == null ? 0 : Values.readNumber(value);
    }
}
