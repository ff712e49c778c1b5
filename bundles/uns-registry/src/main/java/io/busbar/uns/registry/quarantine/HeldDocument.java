package io.busbar.uns.registry.quarantine;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.api.mqtt.UserProperty;
import io.busbar.api.uns.Expectation;
import io.busbar.api.uns.JsonType;
import io.busbar.api.uns.QuarantinedMessage;
import io.busbar.api.uns.Reason;
import io.busbar.api.uns.Violation;
import io.busbar.json.JsonMapper;
import io.busbar.json.OptionalKey;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message as it is held on the disk; bytes are base64.
 *
 * @param payloadFormatIndicator -1 = none
 * @param messageExpirySeconds -1 = none
 */
record HeldDocument(
        String topic,
        @OptionalKey String payload,
        int qos,
        @OptionalKey boolean retain,
        @OptionalKey("-1") int payloadFormatIndicator,
        @OptionalKey("-1") long messageExpirySeconds,
        @OptionalKey @Nullable String contentType,
        @OptionalKey @Nullable String responseTopic,
        @OptionalKey @Nullable String correlationData,
        @OptionalKey List<Property> userProperties,
        String principalId,
        String description,
        String clientId,
        @OptionalKey @Nullable String address,
        Instant receivedAt,
        Violation.Code code,
        @OptionalKey String field,
        @OptionalKey @Nullable JsonType type,
        @OptionalKey @Nullable String found,
        @OptionalKey Expectation.@Nullable Kind expectationKind,
        @OptionalKey @Nullable String expectationValue,
        String detail,
        @OptionalKey Reason.@Nullable Code reason,
        @OptionalKey Map<String, String> reasonParameters,
        long revision) {
    /** Documents of a newer version may have more keys. */
    private static final JsonMapper MAPPER = JsonMapper.builder().tolerateUnknownKeys().build();

    /** A User Property. */
    record Property(String name, String value) {}

    static String write(Message message, Violation wrong, long revision) {
        MessageProperties properties = message.properties();
        byte[] correlation = properties.correlationData();
        Publisher by = message.publisher();
        Expectation expectation = wrong.expectation();
        Reason why = wrong.reason();
        return MAPPER.write(
                new HeldDocument(
                        message.topic().value(),
                        text(message.payload()),
                        message.qos().value(),
                        message.retain(),
                        properties.payloadFormatIndicator(),
                        properties.messageExpirySeconds(),
                        properties.contentType(),
                        properties.responseTopic(),
                        correlation == null ? null : text(correlation),
                        properties.userProperties().stream()
                                .map(each -> new Property(each.name(), each.value()))
                                .toList(),
                        by.principalId(),
                        by.description(),
                        by.clientId(),
                        by.address(),
                        Instant.ofEpochMilli(message.receivedAt()),
                        wrong.code(),
                        wrong.field(),
                        wrong.type(),
                        wrong.found(),
                        expectation == null ? null : expectation.kind(),
                        expectation == null ? null : expectation.value(),
                        wrong.detail(),
                        why == null ? null : why.code(),
                        why == null ? Map.of() : why.parameters(),
                        revision));
    }

    /**
     * Reads a document.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    static QuarantinedMessage read(String key, String json) {
        HeldDocument held = MAPPER.read(json, HeldDocument.class);
        return new QuarantinedMessage(
                UUID.fromString(key), held.message(), held.violation(), held.revision);
    }

    private Message message() {
        return new Message(
                TopicName.of(topic),
                bytes(payload),
                Qos.of(qos),
                retain,
                new MessageProperties(
                        payloadFormatIndicator,
                        messageExpirySeconds,
                        contentType,
                        responseTopic,
                        correlationData == null ? null : bytes(correlationData),
                        userProperties.stream()
                                .map(each -> new UserProperty(each.name(), each.value()))
                                .toList()),
                new Publisher(principalId, description, clientId, address),
                receivedAt.toEpochMilli());
    }

    private Violation violation() {
        Expectation expectation =
                expectationKind == null
                        ? null
                        : new Expectation(
                                expectationKind, expectationValue == null ? "" : expectationValue);
        Reason why = reason == null ? null : new Reason(reason, reasonParameters);
        return new Violation(code, field, type, found, expectation, why, detail, receivedAt);
    }

    private static String text(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] bytes(String text) {
        return Base64.getDecoder().decode(text);
    }
}
