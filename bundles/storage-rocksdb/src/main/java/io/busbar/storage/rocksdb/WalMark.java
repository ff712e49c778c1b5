package io.busbar.storage.rocksdb;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What each write says about itself in RocksDB's log, and only there: so that what is missing can
 * be told from what was cut short. It is the first thing in a batch, a "log data" entry of RocksDB,
 * which is replayed into nothing:
 *
 * <pre>
 *  tag u8 = 3 | length u8 = 20 | "bbw1" | number u64 | safe u64      big-endian
 * </pre>
 *
 * @param number the number of this write; one more than that of the write before
 * @param safe up to this number all writes were on the disk when this one was made
 */
record WalMark(long number, long safe) {
    /** Bytes of it in a batch. */
    static final int BYTES = 22;

    private static final int LOG_DATA = 0x3;
    private static final byte[] NAME = {'b', 'b', 'w', '1'};

    /** Writes it into a batch; returns where it ends. */
    int writeTo(byte[] batch, int at) {
        ByteBuffer.wrap(batch, at, BYTES)
                .put((byte) LOG_DATA)
                .put((byte) (BYTES - 2))
                .put(NAME)
                .putLong(number)
                .putLong(safe);
        return at + BYTES;
    }

    /** Reads that of a batch, of which at least the beginning is there; null if it has none. */
    static @Nullable WalMark of(ByteBuffer batch) {
        int at = batch.position() + Changes.HEADER_BYTES;
        if (batch.limit() - at < BYTES
                || batch.get(at) != LOG_DATA
                || batch.get(at + 1) != BYTES - 2) {
            return null;
        }
        byte[] name = new byte[NAME.length];
        for (int i = 0; i < name.length; i++) {
            name[i] = batch.get(at + 2 + i);
        }
        if (!Arrays.equals(name, NAME)) {
            return null;
        }
        return new WalMark(batch.getLong(at + 6), batch.getLong(at + 14));
    }
}
