package io.busbar.storage.rocksdb;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.Delivery;
import io.busbar.api.storage.DeliveryMark;
import io.busbar.api.storage.Durability;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StoreBatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Things that several tests store. */
final class Samples {
    static final Delivery ONCE =
            new Delivery(Qos.AT_LEAST_ONCE, false, Delivery.NO_IDENTIFIERS, null);

    static final DeliveryMark MARK =
            new DeliveryMark(
                    3,
                    1L << 40,
                    1L << 41,
                    65_535,
                    -7,
                    new long[] {9, 1, 1L << 62},
                    List.of("$share/g/t"));

    private Samples() {}

    static Message message(String topic, String text) {
        return new Message(
                TopicName.of(topic),
                text.getBytes(StandardCharsets.UTF_8),
                Qos.AT_LEAST_ONCE,
                false,
                MessageProperties.NONE,
                new Publisher("cred:1", "Line 1", "press-1", "127.0.0.1:4711"),
                1_800_000_000_000L);
    }

    static ShardOwner own(RocksStore store) throws Exception {
        return store.own(0).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    static StoreBatch enqueue(ShardOwner owner, long session, long from, long to) {
        StoreBatch batch = owner.newBatch();
        for (long sequence = from; sequence <= to; sequence++) {
            batch.enqueue(session, sequence, batch.message(message("t", "m" + sequence)), ONCE, 0);
        }
        return batch;
    }

    static void commit(ShardOwner owner, StoreBatch batch) throws Exception {
        owner.commit(batch, Durability.SAFE).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    static List<Long> sequences(ShardOwner owner, long session) {
        List<Long> sequences = new ArrayList<>();
        for (QueuedMessage each : owner.view().queue(session, 0, 100_000, Long.MAX_VALUE)) {
            sequences.add(each.sequence());
        }
        return sequences;
    }
}
