package io.busbar.mqtt.broker.transfer;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.StoreBatch;
import io.busbar.api.storage.StoreBatch.OutboundState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Messages of queues that are written with one batch. A file has each as often as it is queued;
 * here those that are the same stand together, so that the store keeps one of them for all, as it
 * does when a message is published. Not thread-safe.
 */
final class QueueBatch {
    private final Map<Same, List<Place>> places = new LinkedHashMap<>();

    /** Where a message is queued. */
    private record Place(long session, QueuedMessage queued) {}

    /** A message that is the same as another one, whatever lines they were read from. */
    private static final class Same {
        final Message message;
        private final int hash;

        Same(Message message) {
            this.message = message;
            this.hash =
                    31 * Arrays.hashCode(message.payload())
                            + 31 * message.topic().hashCode()
                            + Long.hashCode(message.receivedAt());
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Same same && isSame(message, same.message);
        }

        private static boolean isSame(Message one, Message other) {
            return one == other
                    || one.receivedAt() == other.receivedAt()
                            && one.qos() == other.qos()
                            && one.retain() == other.retain()
                            && one.topic().equals(other.topic())
                            && one.publisher().equals(other.publisher())
                            && Arrays.equals(one.payload(), other.payload())
                            && isSame(one.properties(), other.properties());
        }

        private static boolean isSame(MessageProperties one, MessageProperties other) {
            return one.payloadFormatIndicator() == other.payloadFormatIndicator()
                    && one.messageExpirySeconds() == other.messageExpirySeconds()
                    && Objects.equals(one.contentType(), other.contentType())
                    && Objects.equals(one.responseTopic(), other.responseTopic())
                    && Arrays.equals(one.correlationData(), other.correlationData())
                    && one.userProperties().equals(other.userProperties());
        }
    }

    /** Adds a message to the queue of a session, which is filled in this order. */
    void add(long session, QueuedMessage queued) {
        places.computeIfAbsent(new Same(queued.message()), none -> new ArrayList<>(1))
                .add(new Place(session, queued));
    }

    /** Puts all of them into a batch. */
    void writeTo(StoreBatch batch) {
        places.forEach(
                (same, all) -> {
                    int message = batch.message(same.message);
                    for (Place each : all) {
                        batch.enqueue(
                                each.session,
                                each.queued.sequence(),
                                message,
                                each.queued.delivery(),
                                each.queued.packetId());
                    }
                });
        places.values().forEach(all -> all.forEach(each -> writeState(batch, each)));
    }

    private static void writeState(StoreBatch batch, Place it) {
        QueuedMessage queued = it.queued;
        if (queued.state() == OutboundState.RELEASED) {
            batch.outbound(
                    it.session, queued.sequence(), queued.packetId(), OutboundState.RELEASED);
        }
    }
}
