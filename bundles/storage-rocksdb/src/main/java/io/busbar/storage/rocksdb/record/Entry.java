package io.busbar.storage.rocksdb.record;

import io.busbar.api.mqtt.Message;
import io.busbar.api.storage.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * A message in a queue: how it is sent, and either the message or where it is.
 *
 * <pre>
 * format u8
 * size of the message, varint
 * flags u8: qos (2 bits) | retain | has identifiers | has share | was sent | message is elsewhere
 * [packet identifier u16] [identifiers: count, each varint] [share: text]
 * topic and message, or number of the body u64
 * crc32c
 * </pre>
 *
 * @param sizeBytes what the message counts for
 * @param packetId the Packet Identifier that it was sent with when it was queued, or 0
 * @param message null if it is elsewhere
 * @param body the number of the body that has the message, if it is elsewhere
 */
public record Entry(
        long sizeBytes, Delivery delivery, int packetId, @Nullable Message message, long body) {
    static final int FORMAT = 1;

    /** So many bytes at the beginning are enough for {@link #sizeBytes(byte[])}. */
    public static final int HEAD_BYTES = 1 + ByteSink.MAX_VARINT;

    private static final int RETAIN = 0x04;
    private static final int IDENTIFIERS = 0x08;
    private static final int SHARE = 0x10;
    private static final int SENT = 0x20;
    private static final int ELSEWHERE = 0x40;

    /**
     * Writes an entry with its message.
     *
     * @param message what {@link MessageRecord#writeWithTopic} wrote
     */
    public static void write(
            ByteSink sink, int sizeBytes, Delivery delivery, int packetId, ByteSink message) {
        head(sink, sizeBytes, delivery, packetId, 0);
        sink.bytes(message.array(), 0, message.length());
        sink.seal();
    }

    /** Writes an entry whose message is elsewhere. */
    public static void write(
            ByteSink sink, int sizeBytes, Delivery delivery, int packetId, long body) {
        head(sink, sizeBytes, delivery, packetId, ELSEWHERE);
        sink.u64(body);
        sink.seal();
    }

    private static void head(
            ByteSink sink, int sizeBytes, Delivery delivery, int packetId, int more) {
        int[] identifiers = delivery.subscriptionIdentifiers();
        String share = delivery.share();
        int flags = delivery.qos().value() | more;
        flags |= delivery.retain() ? RETAIN : 0;
        flags |= identifiers.length > 0 ? IDENTIFIERS : 0;
        flags |= share != null ? SHARE : 0;
        flags |= packetId != 0 ? SENT : 0;
        sink.u8(FORMAT);
        sink.varint(sizeBytes);
        sink.u8(flags);
        if (packetId != 0) {
            sink.u16(packetId);
        }
        if (identifiers.length > 0) {
            sink.varint(identifiers.length);
            for (int identifier : identifiers) {
                sink.varint(identifier);
            }
        }
        if (share != null) {
            sink.text(share);
        }
    }

    /**
     * Reads an entry.
     *
     * @throws DamagedRecordException if these are not the bytes that were written
     */
    public static Entry read(byte[] value) {
        ByteSource source = ByteSource.sealed(value, FORMAT);
        long sizeBytes = source.varint();
        int flags = source.u8();
        int packetId = (flags & SENT) == 0 ? 0 : source.u16();
        int[] identifiers = Delivery.NO_IDENTIFIERS;
        if ((flags & IDENTIFIERS) != 0) {
            identifiers = new int[source.count()];
            for (int i = 0; i < identifiers.length; i++) {
                identifiers[i] = (int) source.varint();
            }
        }
        Delivery delivery =
                new Delivery(
                        MessageRecord.qos(flags & 0x03),
                        (flags & RETAIN) != 0,
                        identifiers,
                        (flags & SHARE) == 0 ? null : source.text());
        Entry entry =
                (flags & ELSEWHERE) != 0
                        ? new Entry(sizeBytes, delivery, packetId, null, source.u64())
                        : new Entry(
                                sizeBytes,
                                delivery,
                                packetId,
                                MessageRecord.readWithTopic(source),
                                0);
        source.end();
        return entry;
    }

    /** Reads what the message counts for from the first {@link #HEAD_BYTES}, unchecked. */
    public static long sizeBytes(byte[] head) {
        ByteSource source = ByteSource.of(head);
        source.u8();
        return source.varint();
    }
}
