package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import java.util.Objects;

/**
 * The Will Message of CONNECT, MQTT 5.0 section 3.1.2.5.
 *
 * @param delaySeconds Will Delay Interval, 0 if absent
 * @param payload 0 to 65,535 bytes
 */
public record Will(
        TopicName topic,
        byte[] payload,
        Qos qos,
        boolean retain,
        long delaySeconds,
        MessageProperties properties) {
    public Will {
        Objects.requireNonNull(topic, "topic");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(qos, "qos");
        Objects.requireNonNull(properties, "properties");
    }
}
