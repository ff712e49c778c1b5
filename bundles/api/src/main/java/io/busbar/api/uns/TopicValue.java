package io.busbar.api.uns;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The current state of a topic: its latest value and its counters. Immutable.
 *
 * @param topic the MQTT topic
 * @param nodeId the topic's node, or null if there is none
 * @param format how the payload was read
 * @param fields one per field of the model, followed by fields that arrived but are not in the
 *     model. For a topic without a node, the fields that could be read. A payload that is a single
 *     value has one field named {@code value}
 * @param quality the quality of the topic as a whole
 * @param reason why it is Uncertain or Bad; otherwise null
 * @param payload the last payload; null if nothing has arrived yet. Shared, must not be modified.
 *     One whose values are all late does not become the last payload: neither does its publisher
 *     count, nor when it arrived
 * @param timestamp when the values were measured, by the source's clock if it could be read; null
 *     if nothing has arrived yet
 * @param receivedAt when the last message arrived; null if nothing has arrived yet
 * @param publisher who sent the last message; null if nothing has arrived yet
 * @param qos the QoS of the last message; null if nothing has arrived yet
 * @param retain whether the last message was to be retained
 * @param messages how many messages have arrived since the server started
 * @param violations how many of them did not fit the model, since the server started or since
 *     somebody reset the counter
 * @param violationsInARow how many did not fit since one did; 0 = the last one fitted, or nothing
 *     is checked
 * @param violationsSince since when violations are counted; null = since the server started
 * @param late how many of them brought values older than the current ones, by the times of the
 *     source; those values changed nothing
 * @param lastViolation the first violation of the most recent payload that did not fit; null if
 *     there was none
 * @param valid whether the last payload fitted
 */
public record TopicValue(
        String topic,
        @Nullable UUID nodeId,
        PayloadFormat format,
        List<FieldValue> fields,
        Quality quality,
        @Nullable QualityReason reason,
        byte @Nullable [] payload,
        @Nullable Instant timestamp,
        @Nullable Instant receivedAt,
        @Nullable Publisher publisher,
        @Nullable Qos qos,
        boolean retain,
        long messages,
        long violations,
        long violationsInARow,
        @Nullable Instant violationsSince,
        long late,
        @Nullable Violation lastViolation,
        boolean valid) {

    /**
     * The last message as far as it is known here: without its properties. Null if nothing has
     * arrived yet.
     */
    public @Nullable Message lastMessage() {
        return payload == null || receivedAt == null || publisher == null || qos == null
                ? null
                : new Message(
                        TopicName.of(topic),
                        payload,
                        qos,
                        retain,
                        MessageProperties.NONE,
                        publisher,
                        receivedAt.toEpochMilli());
    }
}
