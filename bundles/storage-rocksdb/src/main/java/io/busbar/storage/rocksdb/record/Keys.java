package io.busbar.storage.rocksdb.record;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Keys. Sessions are below their shard, what belongs to a session is below it.
 *
 * <pre>
 * session   shard u16 | session u64 | 0
 *           shard u16 | session u64 | 1 | filter, UTF-8
 *           shard u16 | session u64 | 2 | packet identifier u16
 *           shard u16 | session u64 | 3
 *           shard u16 | 2^63 + slot u64 | 4
 * queue     shard u16 | session u64 | sequence u64 | 0 = entry, 1 = how far its delivery has come
 * body      shard u16 | number u64
 * holders   shard u16 | number u64
 * retained  the bytes of the topic's key
 * </pre>
 */
public final class Keys {
    public static final int RECORD = 0;
    public static final int SUBSCRIPTION = 1;
    public static final int INBOUND = 2;
    public static final int RECEIVED = 3;
    public static final int MARK = 4;

    /** No session has such a number: marks stand behind all sessions of a shard. */
    private static final long FIRST_MARK = Long.MIN_VALUE;

    public static final int ENTRY = 0;
    public static final int OUTBOUND = 1;

    /** Bytes of shard and session. */
    public static final int SESSION_BYTES = 10;

    /** Bytes of a key of a queue. */
    public static final int QUEUE_BYTES = SESSION_BYTES + 9;

    private static final int SEQUENCE_AT = SESSION_BYTES;

    private Keys() {}

    public static byte[] shard(int shard) {
        return new byte[] {(byte) (shard >>> 8), (byte) shard};
    }

    /** The beginning of all keys of a session; of a body as well, with its number. */
    public static byte[] session(int shard, long session) {
        byte[] key = new byte[SESSION_BYTES];
        put16(key, 0, shard);
        put64(key, 2, session);
        return key;
    }

    public static byte[] session(int shard, long session, int kind) {
        byte[] key = Arrays.copyOf(session(shard, session), SESSION_BYTES + 1);
        key[SESSION_BYTES] = (byte) kind;
        return key;
    }

    public static byte[] mark(int shard, long slot) {
        return session(shard, slot | FIRST_MARK, MARK);
    }

    /** The beginning of all marks of a shard. */
    public static byte[] firstMark(int shard) {
        return session(shard, FIRST_MARK);
    }

    public static long slotOf(byte[] key) {
        return sessionOf(key) & ~FIRST_MARK;
    }

    public static byte[] queue(int shard, long session, long sequence, int kind) {
        byte[] key = new byte[QUEUE_BYTES];
        queue(key, shard, session, sequence, kind);
        return key;
    }

    /** The same into an array of {@link #QUEUE_BYTES}. */
    public static void queue(byte[] key, int shard, long session, long sequence, int kind) {
        put16(key, 0, shard);
        put64(key, 2, session);
        put64(key, SEQUENCE_AT, sequence);
        key[QUEUE_BYTES - 1] = (byte) kind;
    }

    /** The first key behind all that begin with these bytes; empty if there is none. */
    public static byte[] after(byte[] beginning) {
        for (int i = beginning.length - 1; i >= 0; i--) {
            if (beginning[i] != -1) {
                byte[] after = Arrays.copyOf(beginning, i + 1);
                after[i]++;
                return after;
            }
        }
        return new byte[0];
    }

    public static int shardOf(byte[] key) {
        return (int) (get(key, 0, 2));
    }

    public static long sessionOf(byte[] key) {
        return get(key, 2, 8);
    }

    public static int kindOf(byte[] key) {
        return key[SESSION_BYTES];
    }

    public static long sequenceOf(byte[] key) {
        return get(key, SEQUENCE_AT, 8);
    }

    public static int queueKindOf(byte[] key) {
        return key[QUEUE_BYTES - 1];
    }

    public static String filterOf(byte[] key) {
        return new String(
                key, SESSION_BYTES + 1, key.length - SESSION_BYTES - 1, StandardCharsets.UTF_8);
    }

    public static int packetIdOf(byte[] key) {
        return (int) get(key, SESSION_BYTES + 1, 2);
    }

    private static void put16(byte[] key, int at, int value) {
        key[at] = (byte) (value >>> 8);
        key[at + 1] = (byte) value;
    }

    private static void put64(byte[] key, int at, long value) {
        for (int i = 0; i < 8; i++) {
            key[at + i] = (byte) (value >>> 56 - 8 * i);
        }
    }

    private static long get(byte[] key, int at, int count) {
        if (key.length < at + count) {
            throw new DamagedRecordException("a key has only " + key.length + " bytes");
        }
        long value = 0;
        for (int i = 0; i < count; i++) {
            value = value << 8 | key[at + i] & 0xFF;
        }
        return value;
    }
}
