package io.busbar.storage.rocksdb;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.Delivery;
import io.busbar.api.storage.DeliveryMark;
import io.busbar.api.storage.InboundMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.StoreBatch;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.api.storage.TopicKey;
import io.busbar.storage.rocksdb.record.ByteSink;
import io.busbar.storage.rocksdb.record.Entry;
import io.busbar.storage.rocksdb.record.Keys;
import io.busbar.storage.rocksdb.record.MessageRecord;
import io.busbar.storage.rocksdb.record.Values;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Encodes changes as they come. Only what one message is queued for is gathered until something
 * else comes, because it decides where the message is written: into each entry, or once beside
 * them.
 */
final class RocksBatch implements StoreBatch {
    /** A message of more bytes is written once if it is queued for several sessions. */
    static final int INLINE_BYTES = 256;

    /** So many entries are removed one by one: a range costs every reader until it is compacted. */
    private static final long FEW = 8;

    private static final int NONE = -1;

    private final int shard;
    private final LongSupplier bodies;
    private final int sessionFamily;
    private final int queueFamily;
    private final int bodyFamily;
    private final int holdersFamily;
    private final int retainedFamily;

    private final Changes changes = new Changes(512);
    private final ByteSink message = new ByteSink(256);
    private final ByteSink value = new ByteSink(256);
    private final byte[] queueKey = new byte[Keys.QUEUE_BYTES];
    private final List<Message> messages = new ArrayList<>();
    private final Recipients recipients = new Recipients();

    /** The message whose recipients are gathered. */
    private int gathering = NONE;

    /** Whose messages were taken over, up to which number: written once for all of a batch. */
    private long receiver;

    private long received;

    private int size;

    /**
     * Makes an empty one.
     *
     * @param bodies gives numbers for messages that are written once
     */
    RocksBatch(Database database, int shard, LongSupplier bodies) {
        this.shard = shard;
        this.bodies = bodies;
        sessionFamily = database.id(Family.SESSION);
        queueFamily = database.id(Family.QUEUE);
        bodyFamily = database.id(Family.BODY);
        holdersFamily = database.id(Family.HOLDERS);
        retainedFamily = database.id(Family.RETAINED);
    }

    /** All changes. The batch must not be used afterwards. */
    Changes finish() {
        flush();
        flushReceived();
        return changes;
    }

    @Override
    public boolean isEmpty() {
        return size == 0;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public long bytes() {
        return changes.footprint();
    }

    @Override
    public int message(Message message) {
        messages.add(message);
        return messages.size() - 1;
    }

    @Override
    public void enqueue(long session, long sequence, int message, Delivery delivery, int packetId) {
        size++;
        if (gathering != message) {
            flush();
            gathering = message;
        }
        recipients.add(session, sequence, delivery, packetId);
    }

    private void flush() {
        if (gathering == NONE) {
            return;
        }
        Message queued = messages.get(gathering);
        gathering = NONE;
        message.clear();
        MessageRecord.writeWithTopic(message, queued);
        int count = recipients.count();
        long body = 0;
        boolean once = count > 1 && message.length() > INLINE_BYTES;
        if (once) {
            body = bodies.getAsLong();
            byte[] key = Keys.session(shard, body);
            value.clear();
            Values.writeBody(value, message);
            changes.put(bodyFamily, key, value);
            value.clear();
            Values.writeHolders(value, recipients.places(), 2 * count);
            changes.put(holdersFamily, key, value);
        }
        int sizeBytes = queued.sizeBytes();
        for (int i = 0; i < count; i++) {
            value.clear();
            if (once) {
                Entry.write(value, sizeBytes, recipients.delivery(i), recipients.packetId(i), body);
            } else {
                Entry.write(
                        value, sizeBytes, recipients.delivery(i), recipients.packetId(i), message);
            }
            long[] places = recipients.places();
            Keys.queue(queueKey, shard, places[2 * i], places[2 * i + 1], Keys.ENTRY);
            changes.put(queueFamily, queueKey, value);
        }
        recipients.clear();
    }

    private void other() {
        size++;
        flush();
    }

    @Override
    public void outbound(long session, long sequence, int packetId, OutboundState state) {
        other();
        value.clear();
        Values.writeOutbound(value, packetId, state);
        Keys.queue(queueKey, shard, session, sequence, Keys.OUTBOUND);
        changes.put(queueFamily, queueKey, value);
    }

    @Override
    public void acknowledge(long session, long sequence, boolean tracked) {
        other();
        remove(session, sequence, tracked);
    }

    private void remove(long session, long sequence, boolean tracked) {
        Keys.queue(queueKey, shard, session, sequence, Keys.ENTRY);
        changes.deleteOnce(queueFamily, queueKey);
        if (tracked) {
            Keys.queue(queueKey, shard, session, sequence, Keys.OUTBOUND);
            changes.delete(queueFamily, queueKey);
        }
    }

    @Override
    public void acknowledgeRange(long session, long fromSequence, long toSequence) {
        other();
        if (fromSequence > toSequence) {
            return;
        }
        if (toSequence - fromSequence < FEW && toSequence - fromSequence >= 0) {
            for (long sequence = fromSequence; ; sequence++) {
                remove(session, sequence, true);
                if (sequence == toSequence) {
                    return;
                }
            }
        }
        changes.deleteRange(
                queueFamily,
                Keys.queue(shard, session, fromSequence, Keys.ENTRY),
                Keys.after(Keys.queue(shard, session, toSequence, Keys.OUTBOUND)));
    }

    @Override
    public void inbound(long session, InboundMessage message) {
        other();
        value.clear();
        Values.writeDigest(value, message.digest());
        changes.put(sessionFamily, inboundKey(session, message.packetId()), value);
    }

    @Override
    public void releaseInbound(long session, int packetId) {
        other();
        changes.delete(sessionFamily, inboundKey(session, packetId));
    }

    @Override
    public void received(long session, long number) {
        size++;
        if (receiver != session) {
            flushReceived();
        }
        receiver = session;
        received = number;
    }

    private void flushReceived() {
        if (received != 0) {
            value.clear();
            Values.writeNumber(value, received);
            changes.put(sessionFamily, Keys.session(shard, receiver, Keys.RECEIVED), value);
            received = 0;
        }
    }

    @Override
    public void mark(long slot, DeliveryMark mark) {
        other();
        value.clear();
        Values.writeMark(value, mark);
        changes.put(sessionFamily, Keys.mark(shard, slot), value);
    }

    @Override
    public void deleteMark(long slot) {
        other();
        changes.delete(sessionFamily, Keys.mark(shard, slot));
    }

    private byte[] inboundKey(long session, int packetId) {
        ByteSink key = new ByteSink(Keys.SESSION_BYTES + 3);
        key.bytes(Keys.session(shard, session, Keys.INBOUND));
        key.u16(packetId);
        return key.toBytes();
    }

    @Override
    public void putSession(SessionRecord session) {
        other();
        value.clear();
        Values.writeSession(value, session);
        changes.put(sessionFamily, Keys.session(shard, session.session(), Keys.RECORD), value);
    }

    @Override
    public void deleteSession(long session) {
        other();
        flushReceived();
        byte[] from = Keys.session(shard, session);
        byte[] to = Keys.after(from);
        changes.deleteRange(sessionFamily, from, to);
        changes.deleteRange(queueFamily, from, to);
    }

    @Override
    public void putSubscription(long session, SubscriptionRecord subscription) {
        other();
        value.clear();
        Values.writeSubscription(value, subscription);
        changes.put(sessionFamily, subscriptionKey(session, subscription.filter()), value);
    }

    @Override
    public void deleteSubscription(long session, String filter) {
        other();
        changes.delete(sessionFamily, subscriptionKey(session, filter));
    }

    private byte[] subscriptionKey(long session, String filter) {
        ByteSink key = new ByteSink(Keys.SESSION_BYTES + 1 + filter.length());
        key.bytes(Keys.session(shard, session, Keys.SUBSCRIPTION));
        key.bytes(filter.getBytes(StandardCharsets.UTF_8));
        return key.toBytes();
    }

    @Override
    public void retain(int message) {
        other();
        Message retained = messages.get(message);
        value.clear();
        Values.writeRetained(value, retained);
        changes.put(retainedFamily, TopicKey.of(retained.topic()).bytes(), value);
    }

    @Override
    public void deleteRetained(TopicName topic) {
        other();
        changes.delete(retainedFamily, TopicKey.of(topic).bytes());
    }
}
