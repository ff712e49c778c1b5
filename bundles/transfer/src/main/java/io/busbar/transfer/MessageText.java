package io.busbar.transfer;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.json.OptionalKey;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message as it stands in a line; bytes are in base64. */
record MessageText(
        String topic,
        String payload,
        int qos,
        @OptionalKey boolean retain,
        Instant receivedAt,
        @OptionalKey @Nullable Sender publisher,
        @OptionalKey @Nullable Properties properties) {

    /** Who published it. */
    record Sender(
            @OptionalKey @Nullable String principalId,
            @OptionalKey @Nullable String description,
            @OptionalKey @Nullable String clientId,
            @OptionalKey @Nullable String address) {
        /** As long as any text that a client can send. */
        private static final int LONGEST = 65_535;

        static @Nullable Sender of(Publisher publisher) {
            return publisher.equals(Publisher.SERVER)
                    ? null
                    : new Sender(
                            publisher.principalId(),
                            publisher.description(),
                            publisher.clientId(),
                            publisher.address());
        }

        Publisher publisher() {
            return new Publisher(
                    orEmpty(principalId),
                    orEmpty(description),
                    orEmpty(clientId),
                    address == null ? null : orEmpty(address));
        }

        private static String orEmpty(@Nullable String text) {
            if (text != null && text.length() > LONGEST) {
                throw new IllegalArgumentException(
                        "text of the publisher (expected: at most " + LONGEST + " characters)");
            }
            return text == null ? "" : text;
        }
    }

    /** Its properties in MQTT 5.0. */
    record Properties(
            @OptionalKey("-1") int payloadFormatIndicator,
            @OptionalKey("-1") long messageExpirySeconds,
            @OptionalKey @Nullable String contentType,
            @OptionalKey @Nullable String responseTopic,
            @OptionalKey @Nullable String correlationData,
            @OptionalKey List<User> userProperties) {

        /** A User Property. */
        record User(String name, String value) {}

        static @Nullable Properties of(MessageProperties it) {
            byte[] correlation = it.correlationData();
            return it.isEmpty()
                    ? null
                    : new Properties(
                            it.payloadFormatIndicator(),
                            it.messageExpirySeconds(),
                            it.contentType(),
                            it.responseTopic(),
                            correlation == null
                                    ? null
                                    : Base64.getEncoder().encodeToString(correlation),
                            it.userProperties().stream()
                                    .map(each -> new User(each.name(), each.value()))
                                    .toList());
        }

        MessageProperties properties() {
            MessageProperties properties =
                    new MessageProperties(
                            payloadFormatIndicator,
                            messageExpirySeconds,
                            contentType,
                            responseTopic,
                            correlationData == null
                                    ? null
                                    : bytes("correlationData", correlationData),
                            userProperties.stream()
                                    .map(each -> new UserProperty(each.name, each.value))
                                    .toList());
            String problem = properties.problem();
            if (problem != null) {
                throw new IllegalArgumentException(problem);
            }
            return properties;
        }
    }

    static MessageText of(Message message) {
        return new MessageText(
                message.topic().value(),
                Base64.getEncoder().encodeToString(message.payload()),
                message.qos().value(),
                message.retain(),
                Instant.ofEpochMilli(message.receivedAt()),
                Sender.of(message.publisher()),
                Properties.of(message.properties()));
    }

    /**
     * The message. One that came after now, by the clock of another server, came now: values would
     * be compared with it, and it would not expire.
     *
     * @param now in milliseconds since the epoch
     * @throws IllegalArgumentException if it is none
     */
    Message message(long now) {
        return new Message(
                TopicName.of(topic),
                bytes("payload", payload),
                Qos.of(qos),
                retain,
                properties == null ? MessageProperties.NONE : properties.properties(),
                publisher == null ? Publisher.SERVER : publisher.publisher(),
                Math.min(now, Line.millis("receivedAt", receivedAt)));
    }

    private static byte[] bytes(String key, String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + " is no base64: " + e.getMessage(), e);
        }
    }
}
