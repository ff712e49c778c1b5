package io.busbar.storage.memory;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.RetainedView;
import io.busbar.api.storage.TopicKey;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** Retained messages by topic, in the order of their keys. Thread-safe. */
final class MemoryRetained implements RetainedView {
    private final ConcurrentSkipListMap<TopicKey, Message> byKey = new ConcurrentSkipListMap<>();

    void put(Message message) {
        byKey.put(TopicKey.of(message.topic()), message);
    }

    void remove(TopicName topic) {
        byKey.remove(TopicKey.of(topic));
    }

    @Override
    public Optional<Message> get(TopicName topic) {
        return Optional.ofNullable(byKey.get(TopicKey.of(topic)));
    }

    @Override
    public Scan scan() {
        return new Walk();
    }

    @Override
    public void heads(HeadVisitor visitor) {
        for (Message each : byKey.values()) {
            visitor.visit(
                    each.topic().utf8(),
                    each.publisher().principalId(),
                    each.payload().length,
                    each.expiresAt());
        }
    }

    private final class Walk implements Scan {
        private boolean begun;
        private Map.@Nullable Entry<TopicKey, Message> at;

        @Override
        public boolean seek(TopicKey key) {
            return to(byKey.ceilingEntry(key));
        }

        @Override
        public boolean next() {
            if (!begun) {
                return to(byKey.firstEntry());
            }
            return to(at == null ? null : byKey.higherEntry(at.getKey()));
        }

        private boolean to(Map.@Nullable Entry<TopicKey, Message> entry) {
            begun = true;
            at = entry;
            return entry != null;
        }

        private Map.Entry<TopicKey, Message> current() {
            if (at == null) {
                throw new NoSuchElementException("it stands on no message");
            }
            return at;
        }

        @Override
        public TopicKey key() {
            return current().getKey();
        }

        @Override
        public Message message() {
            return current().getValue();
        }

        @Override
        public void close() {
            at = null;
        }
    }
}
