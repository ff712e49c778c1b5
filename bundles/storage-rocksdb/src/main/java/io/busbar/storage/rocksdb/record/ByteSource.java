package io.busbar.storage.rocksdb.record;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Reads what {@link ByteSink} wrote, and no byte beyond its end. Not thread-safe. */
public final class ByteSource {
    private final byte[] bytes;
    private final int end;
    private int at;

    private ByteSource(byte[] bytes, int at, int end) {
        this.bytes = bytes;
        this.at = at;
        this.end = end;
    }

    /** Reads bytes that carry no checksum, such as keys. */
    public static ByteSource of(byte[] bytes) {
        return new ByteSource(bytes, 0, bytes.length);
    }

    /**
     * Reads a sealed value, from behind its format.
     *
     * @throws DamagedRecordException if the checksum or the format is not right
     */
    static ByteSource sealed(byte[] value, int format) {
        return sealed(value, value.length, format);
    }

    /** The same of a value that ends before its array does. */
    static ByteSource sealed(byte[] value, int length, int format) {
        int end = length - 4;
        if (end < 1) {
            throw new DamagedRecordException(length + " bytes (expected: at least 5)");
        }
        CRC32C crc = new CRC32C();
        crc.update(value, 0, end);
        if (new ByteSource(value, end, length).u32() != (int) crc.getValue()) {
            throw new DamagedRecordException("the checksum does not fit");
        }
        ByteSource source = new ByteSource(value, 0, end);
        int found = source.u8();
        if (found != format) {
            throw new DamagedRecordException("format " + found + " (expected: " + format + ")");
        }
        return source;
    }

    private void need(long count) {
        if (count < 0 || count > end - at) {
            throw new DamagedRecordException("it is cut short");
        }
    }

    public int left() {
        return end - at;
    }

    public int u8() {
        need(1);
        return bytes[at++] & 0xFF;
    }

    public int u16() {
        return u8() << 8 | u8();
    }

    public int u32() {
        return u16() << 16 | u16();
    }

    public long u64() {
        return (long) u32() << 32 | u32() & 0xFFFF_FFFFL;
    }

    public long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = u8();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new DamagedRecordException("a number has too many bytes");
    }

    /** A number of things that follow, each of at least one byte. */
    int count() {
        long count = varint();
        need(count);
        return (int) count;
    }

    public byte[] sized() {
        return bytes(count());
    }

    public byte[] bytes(int count) {
        need(count);
        byte[] found = Arrays.copyOfRange(bytes, at, at + count);
        at += count;
        return found;
    }

    public String text() {
        int count = count();
        String text = new String(bytes, at, count, StandardCharsets.UTF_8);
        at += count;
        return text;
    }

    /** Goes over something with its length in front, such as a text; its length. */
    int skip() {
        int count = count();
        at += count;
        return count;
    }

    /** Reads a text as the identity of a publisher. */
    void principal(RetainedHead head) {
        int count = count();
        head.principal(bytes, at, at + count);
        at += count;
    }

    /** Makes sure that nothing is left. */
    void end() {
        if (at != end) {
            throw new DamagedRecordException(left() + " bytes too many");
        }
    }
}
