package io.busbar.storage.rocksdb;

import io.busbar.api.mqtt.Message;
import io.busbar.api.storage.InboundMessage;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.SessionRecord;
import io.busbar.api.storage.ShardView;
import io.busbar.api.storage.StoreBatch.OutboundState;
import io.busbar.api.storage.SubscriptionRecord;
import io.busbar.storage.rocksdb.record.DamagedRecordException;
import io.busbar.storage.rocksdb.record.Entry;
import io.busbar.storage.rocksdb.record.Keys;
import io.busbar.storage.rocksdb.record.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a shard. */
final class RocksShardView implements ShardView {
    private final Database database;
    private final int shard;

    RocksShardView(Database database, int shard) {
        this.database = database;
        this.shard = shard;
    }

    @Override
    public void sessions(Consumer<SessionRecord> visitor) {
        sessions(visitor, (session, subscription) -> {});
    }

    @Override
    public void sessions(Consumer<SessionRecord> visitor, SubscriptionVisitor subscriptions) {
        try (Cursor cursor = database.all(Family.SESSION, Keys.shard(shard), 0)) {
            cursor.forEach(
                    () -> {
                        byte[] key = cursor.keyBytes();
                        int kind = Keys.kindOf(key);
                        if (kind == Keys.RECORD) {
                            visitor.accept(session(cursor.value(), Keys.sessionOf(key)));
                        } else if (kind == Keys.SUBSCRIPTION) {
                            subscriptions.visit(
                                    Keys.sessionOf(key),
                                    subscription(cursor.key(), cursor.value()));
                        }
                    });
        }
    }

    @Override
    public void queues(QueueVisitor visitor) {
        try (Cursor cursor = database.all(Family.QUEUE, Keys.shard(shard), Entry.HEAD_BYTES)) {
            QueueCount count = new QueueCount(visitor);
            cursor.forEach(
                    () -> {
                        byte[] key = cursor.keyBytes();
                        if (Keys.queueKindOf(key) == Keys.ENTRY) {
                            count.add(Keys.sessionOf(key), Entry.sizeBytes(cursor.valueBytes()));
                        }
                    });
            count.tell();
        } catch (DamagedRecordException e) {
            throw Failures.damaged(database.folder(), e);
        }
    }

    /** Adds up what stands together. */
    private static final class QueueCount {
        private final QueueVisitor visitor;
        private long session;
        private long count;
        private long bytes;

        QueueCount(QueueVisitor visitor) {
            this.visitor = visitor;
        }

        void add(long to, long sizeBytes) {
            if (to != session) {
                tell();
                session = to;
            }
            count++;
            bytes += sizeBytes;
        }

        void tell() {
            if (count > 0) {
                visitor.visit(session, count, bytes);
            }
            count = 0;
            bytes = 0;
        }
    }

    @Override
    public Optional<SessionRecord> session(long session) {
        byte[] value = database.get(Family.SESSION, Keys.session(shard, session, Keys.RECORD));
        return value == null ? Optional.empty() : Optional.of(session(value, session));
    }

    private SessionRecord session(byte[] value, long session) {
        try {
            return Values.readSession(value, session);
        } catch (DamagedRecordException e) {
            throw Failures.damaged(database.folder(), e);
        }
    }

    private SubscriptionRecord subscription(byte[] key, byte[] value) {
        try {
            return Values.readSubscription(value, Keys.filterOf(key));
        } catch (DamagedRecordException e) {
            throw Failures.damaged(database.folder(), e);
        }
    }

    @Override
    public List<SubscriptionRecord> subscriptions(long session) {
        List<SubscriptionRecord> found = new ArrayList<>();
        byte[] from = Keys.session(shard, session, Keys.SUBSCRIPTION);
        try (Cursor cursor = database.cursor(Family.SESSION, from, Keys.after(from))) {
            while (cursor.next()) {
                found.add(subscription(cursor.key(), cursor.value()));
            }
        }
        return found;
    }

    @Override
    public List<InboundMessage> inbound(long session) {
        List<InboundMessage> found = new ArrayList<>();
        byte[] from = Keys.session(shard, session, Keys.INBOUND);
        try (Cursor cursor = database.cursor(Family.SESSION, from, Keys.after(from))) {
            while (cursor.next()) {
                found.add(
                        new InboundMessage(
                                Keys.packetIdOf(cursor.keyBytes()),
                                Values.readDigest(cursor.value())));
            }
        } catch (DamagedRecordException e) {
            throw Failures.damaged(database.folder(), e);
        }
        return found;
    }

    @Override
    public long received(long session) {
        byte[] value = database.get(Family.SESSION, Keys.session(shard, session, Keys.RECEIVED));
        try {
            return value == null ? 0 : Values.readNumber(value);
        } catch (DamagedRecordException e) {
            throw Failures.damaged(database.folder(), e);
        }
    }

    @Override
    public void marks(MarkVisitor visitor) {
        try (Cursor cursor =
                database.cursor(
                        Family.SESSION, Keys.firstMark(shard), Keys.after(Keys.shard(shard)))) {
            while (cursor.next()) {
                visitor.visit(Keys.slotOf(cursor.key()), Values.readMark(cursor.value()));
            }
        } catch (DamagedRecordException e) {
            throw Failures.damaged(database.folder(), e);
        }
    }

    @Override
    public List<QueuedMessage> queue(long session, long fromSequence, int maxCount, long maxBytes) {
        byte[] from = Keys.queue(shard, session, fromSequence, Keys.ENTRY);
        byte[] to = Keys.after(Keys.session(shard, session));
        try (Cursor cursor = database.cursor(Family.QUEUE, from, to)) {
            return page(cursor, maxCount, maxBytes);
        } catch (DamagedRecordException e) {
            throw Failures.damaged(database.folder(), e);
        }
    }

    private List<QueuedMessage> page(Cursor cursor, int maxCount, long maxBytes) {
        List<QueuedMessage> page = new ArrayList<>();
        long bytes = 0;
        long body = 0;
        Message shared = null;
        boolean more = cursor.next();
        while (more && page.size() < maxCount) {
            if (Keys.queueKindOf(cursor.keyBytes()) != Keys.ENTRY) {
                more = cursor.next();
                continue;
            }
            long sequence = Keys.sequenceOf(cursor.keyBytes());
            Entry entry = Entry.read(cursor.value());
            bytes += entry.sizeBytes();
            if (!page.isEmpty() && bytes > maxBytes) {
                break;
            }
            Message message = entry.message();
            if (message == null) {
                if (shared == null || body != entry.body()) {
                    shared = body(entry.body());
                }
                body = entry.body();
                message = shared;
            }
            byte[] entryKey = cursor.key();
            int packetId = entry.packetId();
            OutboundState state = packetId == 0 ? null : OutboundState.PUBLISHED;
            more = cursor.next();
            if (message == null) {
                makeSureItIsGone(sequence, entryKey);
                continue;
            }
            if (more && isOutbound(cursor.keyBytes(), sequence)) {
                Values.Outbound outbound = Values.readOutbound(cursor.value());
                packetId = outbound.packetId();
                state = outbound.state();
                more = cursor.next();
            }
            page.add(new QueuedMessage(sequence, message, entry.delivery(), packetId, state));
        }
        return page;
    }

    /** A body that is not there belongs to an entry that was acknowledged since, and swept. */
    private void makeSureItIsGone(long sequence, byte[] entryKey) {
        if (database.exists(Family.QUEUE, entryKey)) {
            throw new DamagedRecordException("message " + sequence + " of a queue is missing");
        }
    }

    private static boolean isOutbound(byte[] key, long sequence) {
        return Keys.queueKindOf(key) == Keys.OUTBOUND && Keys.sequenceOf(key) == sequence;
    }

    private @Nullable Message body(long body) {
        byte[] value = database.get(Family.BODY, Keys.session(shard, body));
        return value == null ? null : Values.readBody(value);
    }
}
