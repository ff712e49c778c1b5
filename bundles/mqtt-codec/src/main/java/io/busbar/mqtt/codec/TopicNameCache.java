package io.busbar.mqtt.codec;

import static io.busbar.mqtt.codec.MalformedPacketException.malformed;

import io.busbar.api.mqtt.TopicName;
import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A cache of topic names by their bytes in a packet. A topic that was seen recently costs one
 * comparison: its text is not decoded and not validated again. Equal names usually give the same
 * instance, so later look-ups can compare by identity first.
 *
 * <p>The cache has a fixed size. Each hash has four places; a new name replaces the oldest of the
 * four. There is one cache per event loop, shared by its connections. Not thread-safe.
 */
public final class TopicNameCache {
    /** Longer names are not kept: they are rare, and this bounds the memory. */
    private static final int MAX_LENGTH = 256;

    private static final int PLACES = 4;

    /** A name without its text and its bytes, which are as long as each other usually. */
    private static final int NAME = 24 + 48 + 24;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final @Nullable TopicName[] names;
    private final int[] hashes;
    private long bytes;

    /**
     * Makes an empty cache.
     *
     * @param size how many names at most, a power of two from 4 on; a full one of 32,768 takes some
     *     6 MB with names of usual length
     */
    public TopicNameCache(int size) {
        if (size < PLACES || Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException(
                    "size: " + size + " (expected: a power of two, 4 or more)");
        }
        this.names = new TopicName[size];
        this.hashes = new int[size];
    }

    /** The name of these bytes, which are in the buffer. */
    TopicName get(ByteBuf in, int index, int length) {
        if (length > MAX_LENGTH) {
            return decode(in, index, length);
        }
        int hash = hash(in, index, length);
        int first = hash & names.length - PLACES;
        for (int place = first; place < first + PLACES; place++) {
            if (hashes[place] == hash) {
                TopicName known = names[place];
                if (known != null && isEqual(known.utf8(), in, index, length)) {
                    return known;
                }
            }
        }
        TopicName name = decode(in, index, length);
        bytes += footprint(name) - footprint(names[first + PLACES - 1]);
        System.arraycopy(names, first, names, first + 1, PLACES - 1);
        System.arraycopy(hashes, first, hashes, first + 1, PLACES - 1);
        names[first] = name;
        hashes[first] = hash;
        return name;
    }

    /** An estimate of the bytes of the heap that its names take. */
    public long bytes() {
        return bytes;
    }

    /** Forgets all names. */
    public void clear() {
        Arrays.fill(names, null);
        bytes = 0;
    }

    private static int footprint(@Nullable TopicName name) {
        return name == null ? 0 : NAME + 2 * name.utf8().length;
    }

    private static TopicName decode(ByteBuf in, int index, int length) {
        return topicName(PacketReader.string(in, index, length));
    }

    /**
     * A Topic Name holds at least one character and no wildcard [MQTT5-3.3.2-2] [MQTT5-4.7.3-1]
     * [MQTT311-3.3.2-2].
     */
    static TopicName topicName(String text) {
        String problem = TopicName.problemOf(text);
        if (problem != null) {
            throw malformed("topic name " + problem);
        }
        if (PacketReader.hasControls(text)) {
            throw malformed("topic name holds a control character");
        }
        return TopicName.of(text);
    }

    private static int hash(ByteBuf in, int index, int length) {
        long h = length;
        int i = index;
        int end = index + length;
        for (; i + 8 <= end; i += 8) {
            h = (h ^ in.getLong(i)) * 0x9E37_79B9_7F4A_7C15L;
            h ^= h >>> 32;
        }
        for (; i < end; i++) {
            h = (h ^ in.getByte(i)) * 0x9E37_79B9_7F4A_7C15L;
        }
        return (int) (h >>> 32 ^ h >>> 15);
    }

    private static boolean isEqual(byte[] name, ByteBuf in, int index, int length) {
        if (name.length != length) {
            return false;
        }
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            if ((long) LONG.get(name, i) != in.getLong(index + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (name[i] != in.getByte(index + i)) {
                return false;
            }
        }
        return true;
    }
}
