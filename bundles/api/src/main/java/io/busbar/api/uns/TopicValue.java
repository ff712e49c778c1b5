package io.busbar.api.uns;

import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a topic at this moment: an immutable picture.
 *
 * @param nodeId the modelled node, or null if nobody has modelled the topic
 * @param fields one per field of the model, then the unknown ones that came; of an unmodelled topic
 *     those that could be read. A bare value is one field named {@code value}
 * @param payload the last payload; shared, must not be modified; null if nothing came yet
 * @param timestamp when the last payload was true; null if nothing came yet
 * @param receivedAt when it arrived; null if nothing came yet
 * @param messages how many arrived since the server started
 * @param violations how many of them did not fit
 * @param lastViolation the first violation of the last payload that did not fit, or null
 * @param valid whether the last payload fitted
 */
public record TopicValue(
        String topic,
        @Nullable UUID nodeId,
        PayloadFormat format,
        List<FieldValue> fields,
        Quality quality,
        byte @Nullable [] payload,
        @Nullable Instant timestamp,
        @Nullable Instant receivedAt,
        @Nullable Publisher publisher,
        @Nullable Qos qos,
        boolean retain,
        long messages,
        long violations,
        @Nullable Violation lastViolation,
        boolean valid) {}
