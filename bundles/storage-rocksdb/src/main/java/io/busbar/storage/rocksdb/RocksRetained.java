package io.busbar.storage.rocksdb;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.storage.TopicKey;
import io.busbar.storage.rocksdb.record.DamagedRecordException;
import io.busbar.storage.rocksdb.record.RetainedHead;
import io.busbar.storage.rocksdb.record.Values;
import java.util.Optional;

/** Reads retained messages. */
final class RocksRetained implements RetainedView {
    private static final byte[] ALL = new byte[0];

    private final Database database;

    RocksRetained(Database database) {
        this.database = database;
    }

    @Override
    public Optional<Message> get(TopicName topic) {
        byte[] value = database.get(Family.RETAINED, TopicKey.of(topic).bytes());
        return value == null ? Optional.empty() : Optional.of(read(value, topic));
    }

    private Message read(byte[] value, TopicName topic) {
        try {
            return Values.readRetained(value, topic);
        } catch (DamagedRecordException e) {
            throw Failures.damaged(database.folder(), e);
        }
    }

    @Override
    public Scan scan() {
        return new Walk(database.cursor(Family.RETAINED, ALL, ALL));
    }

    @Override
    public void heads(HeadVisitor visitor) {
        RetainedHead head = new RetainedHead();
        try (Cursor cursor = database.all(Family.RETAINED, ALL, 0)) {
            cursor.forEach(
                    () -> {
                        head.read(cursor.valueBytes(), cursor.valueLength());
                        visitor.visit(
                                TopicKey.utf8(cursor.key()),
                                head.principalId(),
                                head.payloadBytes(),
                                head.expiresAt());
                    });
        } catch (DamagedRecordException e) {
            throw Failures.damaged(database.folder(), e);
        }
    }

    private final class Walk implements Scan {
        private final Cursor cursor;

        Walk(Cursor cursor) {
            this.cursor = cursor;
        }

        @Override
        public boolean seek(TopicKey key) {
            return cursor.seek(key.bytes());
        }

        @Override
        public boolean next() {
            return cursor.next();
        }

        @Override
        public TopicKey key() {
            return TopicKey.ofBytes(cursor.key());
        }

        @Override
        public Message message() {
            return read(cursor.value(), key().topic());
        }

        @Override
        public void close() {
            cursor.close();
        }
    }
}
