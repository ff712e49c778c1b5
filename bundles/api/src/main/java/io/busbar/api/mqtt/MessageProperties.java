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
