package io.busbar.storage.rocksdb.record;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Bytes that grow at their end. Kept and reused. Not thread-safe. */
public final class ByteSink {
    /** Most bytes of a number: 7 bits each. */
    static final int MAX_VARINT = 10;

    /** From here on a text is encoded as a whole: that is much faster than by character. */
    private static final int MANY_CHARACTERS = 256;

    private final CRC32C crc = new CRC32C();
    private byte[] bytes;
    private int length;

    public ByteSink(int capacity) {
        bytes = new byte[capacity];
    }

    /** The bytes, as far as {@link #length}; another array after more were added. */
    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public void clear() {
        length = 0;
    }

    /** A copy of what is in it. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            long wanted = Math.max((long) bytes.length * 2, (long) length + more);
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 16, wanted));
        }
    }

    public void u8(int value) {
        room(1);
        bytes[length++] = (byte) value;
    }

    public void u16(int value) {
        room(2);
        bytes[length++] = (byte) (value >>> 8);
        bytes[length++] = (byte) value;
    }

    public void u32(int value) {
        room(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
    }

    public void u64(long value) {
        room(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
    }

    /** Writes a number without sign, the lowest 7 bits first. */
    public void varint(long value) {
        room(MAX_VARINT);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    public void bytes(byte[] from) {
        bytes(from, 0, from.length);
    }

    public void bytes(byte[] from, int offset, int count) {
        room(count);
        System.arraycopy(from, offset, bytes, length, count);
        length += count;
    }

    /** Writes the length and the bytes. */
    public void sized(byte[] from) {
        varint(from.length);
        bytes(from);
    }

    /** Writes the length and the text in UTF-8. */
    public void text(String text) {
        int chars = text.length();
        if (chars > MANY_CHARACTERS) {
            sized(text.getBytes(StandardCharsets.UTF_8));
            return;
        }
        room(chars + MAX_VARINT);
        int start = length;
        varint(chars);
        for (int i = 0; i < chars; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                length = start;
                sized(text.getBytes(StandardCharsets.UTF_8));
                return;
            }
            bytes[length++] = (byte) c;
        }
    }

    /** Ends a value with the CRC32C of all that is in it. */
    public void seal() {
        crc.reset();
        crc.update(bytes, 0, length);
        u32((int) crc.getValue());
    }
}
