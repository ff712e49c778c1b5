package io.busbar.mqtt.codec;

import static io.busbar.mqtt.codec.MalformedPacketException.malformed;
import static io.busbar.mqtt.codec.MalformedPacketException.protocolError;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * The data types of MQTT 5.0 section 1.5, read from one packet that is completely in the buffer.
 * Never reads beyond the packet, whatever lengths it declares. Confined to its decoder.
 */
final class PacketReader {
    private static final byte[] EMPTY = {};
    private static final ByteBuf NONE = io.netty.buffer.Unpooled.EMPTY_BUFFER;

    private ByteBuf in = NONE;
    private int index;
    private int end;

    /**
     * Begins a packet's variable header and payload: bytes {@code index} to {@code end} of the
     * buffer.
     */
    void open(ByteBuf in, int index, int end) {
        this.in = in;
        this.index = index;
        this.end = end;
    }

    /** Lets the buffer go; it is the caller's to release. */
    void close() {
        in = NONE;
    }

    int remaining() {
        return end - index;
    }

    boolean hasMore() {
        return index < end;
    }

    ByteBuf buffer() {
        return in;
    }

    int index() {
        return index;
    }

    /** Goes over bytes that were read elsewhere. */
    void skip(int length) {
        require(length);
        index += length;
    }

    /**
     * Lets nothing be read beyond the next bytes, until {@link #unlimit}.
     *
     * @return where the packet ends
     */
    int limit(int length) {
        int packetEnd = end;
        end = index + length;
        return packetEnd;
    }

    /** Ends a limit. */
    void unlimit(int packetEnd) {
        end = packetEnd;
    }

    /** The packet has to end here. */
    void expectEnd() {
        if (index != end) {
            throw malformed("bytes after the end of the packet");
        }
    }

    void require(int length) {
        if (end - index < length) {
            throw malformed("packet ends within a field");
        }
    }

    int u8() {
        require(1);
        return in.getUnsignedByte(index++);
    }

    int u16() {
        require(2);
        int value = in.getUnsignedShort(index);
        index += 2;
        return value;
    }

    long u32() {
        require(4);
        long value = in.getUnsignedInt(index);
        index += 4;
        return value;
    }

    /** A Packet Identifier: not zero [MQTT5-2.2.1-3] [MQTT311-2.3.1-1]. */
    int packetId() {
        int id = u16();
        if (id == 0) {
            throw protocolError("packet identifier 0");
        }
        return id;
    }

    /** A Variable Byte Integer in its shortest form, at most four bytes [MQTT5-1.5.5-1]. */
    int varint() {
        int value = 0;
        for (int shift = 0; shift <= 21; shift += 7) {
            int b = u8();
            value |= (b & 0x7F) << shift;
            if (b < 0x80) {
                if (b == 0 && shift > 0) {
                    throw malformed("variable byte integer is not in its shortest form");
                }
                return value;
            }
        }
        throw malformed("variable byte integer of more than four bytes");
    }

    /** Binary Data of section 1.5.6, copied. */
    byte[] binary() {
        return bytes(u16());
    }

    /** All bytes up to the end of the packet, copied. */
    byte[] rest() {
        return bytes(end - index);
    }

    private byte[] bytes(int length) {
        require(length);
        if (length == 0) {
            return EMPTY;
        }
        byte[] bytes = new byte[length];
        in.getBytes(index, bytes);
        index += length;
        return bytes;
    }

    /** A UTF-8 Encoded String of section 1.5.4. */
    String string() {
        int length = u16();
        require(length);
        String text = string(in, index, length);
        index += length;
        return text;
    }

    /**
     * Well-formed UTF-8 without U+0000 as text [MQTT5-1.5.4-1] [MQTT5-1.5.4-2] [MQTT311-1.5.3-1]
     * [MQTT311-1.5.3-2].
     */
    static String string(ByteBuf in, int index, int length) {
        if (length == 0) {
            return "";
        }
        byte[] bytes = new byte[length];
        in.getBytes(index, bytes);
        return new String(
                bytes, checkUtf8(bytes) ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    /**
     * Checks every byte; tells whether all are ASCII. A byte order mark is kept as the character it
     * is [MQTT5-1.5.4-3] [MQTT311-1.5.3-3].
     */
    private static boolean checkUtf8(byte[] bytes) {
        boolean ascii = true;
        int i = 0;
        while (i < bytes.length) {
            int b = bytes[i];
            if (b > 0) {
                i++;
            } else if (b == 0) {
                throw malformed("U+0000 in a string");
            } else {
                ascii = false;
                i += sequenceLength(bytes, i, b & 0xFF);
            }
        }
        return ascii;
    }

    /**
     * Table 3-7 of the Unicode Standard: which bytes may follow the first, so that nothing is
     * overlong, a surrogate or too large.
     */
    private static int sequenceLength(byte[] bytes, int i, int first) {
        if (first < 0xC2 || first > 0xF4) {
            throw malformed("string is not UTF-8");
        }
        int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        if (i + length > bytes.length) {
            throw malformed("string ends within a character");
        }
        int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        int second = bytes[i + 1] & 0xFF;
        if (second < low || second > high) {
            throw malformed("string is not UTF-8");
        }
        for (int k = i + 2; k < i + length; k++) {
            if ((bytes[k] & 0xC0) != 0x80) {
                throw malformed("string is not UTF-8");
            }
        }
        return length;
    }

    /**
     * Whether a text holds what MQTT 5.0 section 1.5.4 and 3.1.1 section 1.5.3 let a receiver
     * refuse: control characters, or code points that Unicode defines as non-characters. Names are
     * refused for it, because they end up in logs, consoles and other names; texts are not.
     */
    static boolean hasControls(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c >= 0x7F && isRefused(text, i, c)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isRefused(String text, int index, char c) {
        if (c <= 0x9F || c >= 0xFDD0 && c <= 0xFDEF || c >= 0xFFFE) {
            return true;
        }
        return Character.isHighSurrogate(c) && (text.codePointAt(index) & 0xFFFE) == 0xFFFE;
    }
}
