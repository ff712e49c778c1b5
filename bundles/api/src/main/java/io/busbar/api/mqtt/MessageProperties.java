package io.busbar.api.mqtt;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The MQTT 5.0 properties of an Application Message that the server passes on from publisher to
 * subscriber (section 3.3.2.3). Byte arrays are shared and must not be modified.
 *
 * @param payloadFormatIndicator 0 = unspecified bytes, 1 = UTF-8 text, or {@link #ABSENT}
 * @param messageExpirySeconds lifetime in seconds from the moment the server received the message,
 *     or {@link #ABSENT} if it never expires
 * @param contentType describes the payload, e.g. a media type; null if absent
 * @param responseTopic where to send a response; null if absent
 * @param correlationData lets the requester match a response; null if absent
 * @param userProperties in the order they were sent; empty if there are none
 */
public record MessageProperties(
        int payloadFormatIndicator,
        long messageExpirySeconds,
        @Nullable String contentType,
        @Nullable String responseTopic,
        byte @Nullable [] correlationData,
        List<UserProperty> userProperties) {
    /** Stands for a number that was not sent. */
    public static final int ABSENT = -1;

    private static final long MAX_SECONDS = 0xFFFF_FFFFL;
    private static final String NO_STRING =
            " has U+0000, or more than " + Utf8.MAX_BYTES + " bytes"; // [MQTT5-1.5.4-2]

    /** No properties, as in every MQTT 3 message. */
    public static final MessageProperties NONE =
            new MessageProperties(ABSENT, ABSENT, null, null, null, List.of());

    public MessageProperties {
        Objects.requireNonNull(userProperties, "userProperties");
    }

    /** Whether the message has a Message Expiry Interval. */
    public boolean expires() {
        return messageExpirySeconds != ABSENT;
    }

    /** Returns in a few words why no packet can carry them, or null if one can. */
    public @Nullable String problem() {
        if (payloadFormatIndicator < ABSENT || payloadFormatIndicator > 1) {
            return "payloadFormatIndicator is " + payloadFormatIndicator + " (expected: 0 or 1)";
        }
        if (messageExpirySeconds < ABSENT || messageExpirySeconds > MAX_SECONDS) {
            return "messageExpirySeconds is "
                    + messageExpirySeconds
                    + " (expected: 0 to "
                    + MAX_SECONDS
                    + ")";
        }
        if (!Utf8.isString(contentType)) {
            return "contentType" + NO_STRING;
        }
        String problem = responseTopic == null ? null : TopicName.problemOf(responseTopic);
        if (problem != null) {
            return "responseTopic " + problem; // [MQTT5-3.3.2-14]
        }
        if (correlationData != null && correlationData.length > Utf8.MAX_BYTES) {
            return "correlationData has more than " + Utf8.MAX_BYTES + " bytes";
        }
        for (UserProperty each : userProperties) {
            if (!Utf8.isString(each.name()) || !Utf8.isString(each.value())) {
                return "a User Property" + NO_STRING;
            }
        }
        return null;
    }

    /** Bytes of all texts and data in them, in UTF-8. */
    int sizeBytes() {
        if (this == NONE) {
            return 0;
        }
        int bytes = sizeOf(contentType) + sizeOf(responseTopic);
        if (correlationData != null) {
            bytes += correlationData.length;
        }
        for (UserProperty property : userProperties) {
            bytes += sizeOf(property.name()) + sizeOf(property.value());
        }
        return bytes;
    }

    private static int sizeOf(@Nullable String text) {
        return text == null ? 0 : Utf8.length(text);
    }

    /** Whether no property is set. */
    public boolean isEmpty() {
        return this == NONE
                || payloadFormatIndicator == ABSENT
                        && messageExpirySeconds == ABSENT
                        && contentType == null
                        && responseTopic == null
                        && correlationData == null
                        && userProperties.isEmpty();
    }
}
