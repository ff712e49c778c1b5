package io.busbar.storage.rocksdb;

import io.busbar.storage.rocksdb.record.ByteSink;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes in the form in which RocksDB writes them to its log, so that they go over in one call
 * however many they are:
 *
 * <pre>
 *  0          8       12
 *  | sequence | count | changes…      sequence (RocksDB fills it in) and count: little-endian
 *
 *  change: tag u8 | number of the family, varint | key, sized | [value or end of range, sized]
 * </pre>
 *
 * The tags are those of {@code ValueType} in RocksDB's {@code db/dbformat.h}, which are part of its
 * files and so never change. Not thread-safe.
 */
final class Changes {
    static final int HEADER_BYTES = 12;

    /** What there is of each beside its bytes, in the line of those that wait. */
    private static final int OBJECTS = 200;

    private static final int COUNT_AT = 8;
    private static final int DELETE = 0x4;
    private static final int PUT = 0x5;
    private static final int SINGLE_DELETE = 0x8;
    private static final int DELETE_RANGE = 0xE;

    /** Bytes after which another array begins: one that grows on is copied, and hard to place. */
    private static final int PART_BYTES = 128 << 10;

    private ByteSink sink;
    private List<ByteSink> full = List.of();
    private int fullBytes;
    private long fullFootprint;
    private int count;

    Changes(int capacity) {
        sink = new ByteSink(capacity);
    }

    int count() {
        return count;
    }

    int bytes() {
        return fullBytes + sink.length();
    }

    /** Bytes of the heap that they take while they wait to be written. */
    long footprint() {
        return OBJECTS + fullFootprint + sink.array().length;
    }

    private void begin(int tag, int family, byte[] key) {
        count++;
        if (sink.length() > PART_BYTES) {
            beginPart();
        }
        sink.u8(tag);
        sink.varint(family);
        sink.sized(key);
    }

    private void beginPart() {
        if (full.isEmpty()) {
            full = new ArrayList<>();
        }
        full.add(sink);
        fullBytes += sink.length();
        fullFootprint += sink.array().length;
        sink = new ByteSink(PART_BYTES);
    }

    void put(int family, byte[] key, ByteSink value) {
        begin(PUT, family, key);
        sink.varint(value.length());
        sink.bytes(value.array(), 0, value.length());
    }

    void put(int family, byte[] key, byte[] value) {
        begin(PUT, family, key);
        sink.sized(value);
    }

    /** Removes a key, however often it was put. */
    void delete(int family, byte[] key) {
        begin(DELETE, family, key);
    }

    /** Removes a key that was put once at most since it was removed. */
    void deleteOnce(int family, byte[] key) {
        begin(SINGLE_DELETE, family, key);
    }

    /** Removes all keys from one on that are less than another. */
    void deleteRange(int family, byte[] from, byte[] to) {
        begin(DELETE_RANGE, family, from);
        sink.sized(to);
    }

    /** Appends the changes to others, behind {@link #HEADER_BYTES}. */
    int copyTo(byte[] whole, int at) {
        int to = at;
        for (ByteSink part : full) {
            System.arraycopy(part.array(), 0, whole, to, part.length());
            to += part.length();
        }
        System.arraycopy(sink.array(), 0, whole, to, sink.length());
        return to + sink.length();
    }

    /** These changes alone. */
    byte[] toBytes() {
        byte[] whole = new byte[HEADER_BYTES + bytes()];
        copyTo(whole, HEADER_BYTES);
        writeCount(whole, count);
        return whole;
    }

    static void writeCount(byte[] whole, int count) {
        for (int i = 0; i < 4; i++) {
            whole[COUNT_AT + i] = (byte) (count >>> 8 * i);
        }
    }
}
