package io.busbar.storage.rocksdb.record;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.DeliveryMark;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.api.storage.SubscriptionRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * All values but entries of queues: they are few, or nothing but a message. What reads throws
 * {@link DamagedRecordException} if these are not the bytes that were written.
 */
public final class Values {
    static final int FORMAT = 1;
    private static final OutboundState[] STATES = OutboundState.values();

    private Values() {}

    /**
     * Writes a message that several entries refer to.
     *
     * @param message what {@link MessageRecord#writeWithTopic} wrote
     */
    public static void writeBody(ByteSink sink, ByteSink message) {
        sink.u8(FORMAT);
        sink.bytes(message.array(), 0, message.length());
        sink.seal();
    }

    public static Message readBody(byte[] value) {
        ByteSource source = ByteSource.sealed(value, FORMAT);
        Message message = MessageRecord.readWithTopic(source);
        source.end();
        return message;
    }

    /** Writes a retained message; its topic is in the key. */
    public static void writeRetained(ByteSink sink, Message message) {
        sink.u8(FORMAT);
        MessageRecord.write(sink, message);
        sink.seal();
    }

    public static Message readRetained(byte[] value, TopicName topic) {
        ByteSource source = ByteSource.sealed(value, FORMAT);
        Message message = MessageRecord.read(source, topic);
        source.end();
        return message;
    }

    /** Writes how far the delivery of a queued message has come. */
    public static void writeOutbound(ByteSink sink, int packetId, OutboundState state) {
        sink.u8(FORMAT);
        sink.u8(state.ordinal());
        sink.u16(packetId);
        sink.seal();
    }

    public static Outbound readOutbound(byte[] value) {
        ByteSource source = ByteSource.sealed(value, FORMAT);
        int state = source.u8();
        if (state >= STATES.length) {
            throw new DamagedRecordException("state: " + state);
        }
        Outbound outbound = new Outbound(source.u16(), STATES[state]);
        source.end();
        return outbound;
    }

    /** How far the delivery of a queued message has come. */
    public record Outbound(int packetId, OutboundState state) {}

    /** Writes a session; its number is in the key. */
    public static void writeSession(ByteSink sink, SessionRecord session) {
        Message will = session.will();
        sink.u8(FORMAT);
        sink.text(session.clientId());
        sink.text(session.principalId());
        sink.text(session.username());
        sink.varint(session.expirySeconds());
        sink.varint(session.createdAt());
        sink.varint(session.disconnectedAt());
        sink.varint(session.willDelaySeconds());
        sink.u8(will == null ? 0 : 1);
        if (will != null) {
            MessageRecord.writeWithTopic(sink, will);
        }
        sink.seal();
    }

    public static SessionRecord readSession(byte[] value, long session) {
        ByteSource source = ByteSource.sealed(value, FORMAT);
        String clientId = source.text();
        String principalId = source.text();
        String username = source.text();
        long expirySeconds = source.varint();
        long createdAt = source.varint();
        long disconnectedAt = source.varint();
        long willDelaySeconds = source.varint();
        Message will = source.u8() == 0 ? null : MessageRecord.readWithTopic(source);
        source.end();
        return new SessionRecord(
                session,
                clientId,
                principalId,
                username,
                expirySeconds,
                createdAt,
                disconnectedAt,
                will,
                willDelaySeconds);
    }

    /** Writes a subscription; its filter is in the key. */
    public static void writeSubscription(ByteSink sink, SubscriptionRecord subscription) {
        int flags = subscription.qos().value() | subscription.retainHandling() << 2;
        flags |= subscription.noLocal() ? 0x10 : 0;
        flags |= subscription.retainAsPublished() ? 0x20 : 0;
        sink.u8(FORMAT);
        sink.u8(flags);
        sink.varint(subscription.identifier());
        sink.seal();
    }

    public static SubscriptionRecord readSubscription(byte[] value, String filter) {
        ByteSource source = ByteSource.sealed(value, FORMAT);
        int flags = source.u8();
        SubscriptionRecord subscription =
                new SubscriptionRecord(
                        filter,
                        MessageRecord.qos(flags & 0x03),
                        (flags & 0x10) != 0,
                        (flags & 0x20) != 0,
                        flags >> 2 & 0x03,
                        (int) source.varint());
        source.end();
        return subscription;
    }

    /** Writes which entries a body was given to: their sessions and sequence numbers, in turn. */
    public static void writeHolders(ByteSink sink, long[] holders, int count) {
        sink.u8(FORMAT);
        sink.varint(count / 2);
        for (int i = 0; i < count; i++) {
            sink.varint(holders[i]);
        }
        sink.seal();
    }

    public static long[] readHolders(byte[] value) {
        ByteSource source = ByteSource.sealed(value, FORMAT);
        long[] holders = new long[source.count() * 2];
        for (int i = 0; i < holders.length; i++) {
            holders[i] = source.varint();
        }
        source.end();
        return holders;
    }

    /** Writes a mark; its slot is in the key. Sessions that were made together take little. */
    public static void writeMark(ByteSink sink, DeliveryMark mark) {
        sink.u8(FORMAT);
        sink.varint(mark.publisherShard());
        sink.varint(mark.publisher());
        sink.varint(mark.number());
        sink.u16(mark.packetId());
        sink.u32(mark.digest());
        sink.varint(mark.sessions().length);
        long last = 0;
        for (long session : mark.sessions()) {
            long step = session - last;
            sink.varint(step << 1 ^ step >> 63);
            last = session;
        }
        sink.varint(mark.shares().size());
        for (String share : mark.shares()) {
            sink.text(share);
        }
        sink.seal();
    }

    public static DeliveryMark readMark(byte[] value) {
        ByteSource source = ByteSource.sealed(value, FORMAT);
        int publisherShard = (int) source.varint();
        long publisher = source.varint();
        long number = source.varint();
        int packetId = source.u16();
        int digest = source.u32();
        long[] sessions = new long[source.count()];
        long last = 0;
        for (int i = 0; i < sessions.length; i++) {
            long step = source.varint();
            last += step >>> 1 ^ -(step & 1);
            sessions[i] = last;
        }
        int count = source.count();
        List<String> shares = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            shares.add(source.text());
        }
        source.end();
        return new DeliveryMark(
                publisherShard, publisher, number, packetId, digest, sessions, shares);
    }

    /** Writes what tells a message from others; nothing if that is not known, as 0. */
    public static void writeDigest(ByteSink sink, int digest) {
        if (digest != 0) {
            sink.u8(FORMAT);
            sink.u32(digest);
            sink.seal();
        }
    }

    public static int readDigest(byte[] value) {
        if (value.length == 0) {
            return 0;
        }
        ByteSource source = ByteSource.sealed(value, FORMAT);
        int digest = source.u32();
        source.end();
        return digest;
    }

    /** Writes a number of the store's own. */
    public static byte[] number(long number) {
        ByteSink sink = new ByteSink(16);
        writeNumber(sink, number);
        return sink.toBytes();
    }

    /** Writes a number. */
    public static void writeNumber(ByteSink sink, long number) {
        sink.u8(FORMAT);
        sink.u64(number);
        sink.seal();
    }

    public static long readNumber(byte[] value) {
        ByteSource source = ByteSource.sealed(value, FORMAT);
        long number = source.u64();
        source.end();
        return number;
    }
}
