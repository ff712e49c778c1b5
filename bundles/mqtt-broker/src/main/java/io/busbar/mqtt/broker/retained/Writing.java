package io.busbar.mqtt.broker.retained;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.StoreBatch;
import io.busbar.mqtt.broker.loop.Loop;

/** Writes changes with the turn of a loop. */
final class Writing {
    private Writing() {}

    static void put(Loop loop, Message message) {
        StoreBatch batch = loop.retainedBatch(message.topic().value());
        batch.retain(loop.numberOf(batch, message));
    }

    static void remove(Loop loop, TopicName topic) {
        loop.retainedBatch(topic.value()).deleteRetained(topic);
    }
}
