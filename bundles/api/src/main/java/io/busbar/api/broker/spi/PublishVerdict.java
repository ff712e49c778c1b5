package io.busbar.api.broker.spi;

import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.UserProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a {@link PublishInterceptor}. Texts may hold whatever was found in a payload: what
 * MQTT forbids in text becomes {@code ?}, and texts longer than {@value #MAX_TEXT} characters are
 * cut.
 */
public sealed interface PublishVerdict {
    /** The longest text that is told. */
    int MAX_TEXT = 1_024;

    /** The most User Properties of one answer. */
    int MAX_USER_PROPERTIES = 16;

    /** The message goes on as it is. */
    PublishVerdict PASS = new Pass();

    /** See {@link #PASS}. */
    record Pass() implements PublishVerdict {}

    /**
     * The message goes on, with more User Properties behind its own. Subscribers and the namespace
     * see them; clients of MQTT 3 do not. They count towards the Maximum Packet Size of
     * subscribers.
     *
     * @param userProperties 0 to {@value #MAX_USER_PROPERTIES}
     * @param reason told to a publisher of MQTT 5 as the Reason String of a success; or null
     */
    record Annotate(List<UserProperty> userProperties, @Nullable String reason)
            implements PublishVerdict {
        public Annotate {
            if (userProperties.size() > MAX_USER_PROPERTIES) {
                throw new IllegalArgumentException(
                        "user properties: "
                                + userProperties.size()
                                + " (expected: 0.."
                                + MAX_USER_PROPERTIES
                                + ")");
            }
            List<UserProperty> clean = new ArrayList<>(userProperties.size());
            for (UserProperty each : userProperties) {
                clean.add(new UserProperty(clean(each.name()), clean(each.value())));
            }
            userProperties = List.copyOf(clean);
            reason = reason == null ? null : clean(reason);
        }
    }

    /**
     * The message is taken, but neither retained nor delivered: the interceptor keeps it, or has
     * put it elsewhere. The publisher is told success: all QoS and versions alike, MQTT 5 with the
     * reason as Reason String.
     */
    record Divert(String reason) implements PublishVerdict {
        public Divert {
            reason = clean(reason);
        }
    }

    /**
     * The message is neither retained nor delivered, and listed with the rejections.
     *
     * <p>MQTT 5 at QoS 1 and 2 is told in PUBACK or PUBREC, REST and shell in their answer. At QoS
     * 0, and in MQTT 3 at every QoS, nobody can be told: the message is acknowledged as its QoS
     * demands and dropped. With {@code close} the connection is closed instead, without
     * acknowledging the message: MQTT 5 is told the reason in DISCONNECT, and a client of MQTT 3
     * that keeps its session sends the message again. A Will Message is not sent.
     *
     * @param code one that PUBACK, PUBREC and DISCONNECT know: {@link #CODES}
     * @param reason what is wrong, in words for the publisher
     * @param close whether to close connections that cannot be told otherwise
     */
    record Refuse(ReasonCode code, String reason, boolean close) implements PublishVerdict {
        /** The Reason Codes that may be told [MQTT5-3.4.2-1] [MQTT5-3.5.2-1] [MQTT5-3.14.2-1]. */
        public static final Set<ReasonCode> CODES =
                Set.of(
                        ReasonCode.UNSPECIFIED_ERROR,
                        ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR,
                        ReasonCode.NOT_AUTHORIZED,
                        ReasonCode.TOPIC_NAME_INVALID,
                        ReasonCode.QUOTA_EXCEEDED,
                        ReasonCode.PAYLOAD_FORMAT_INVALID);

        public Refuse {
            if (!CODES.contains(code)) {
                throw new IllegalArgumentException("code: " + code + " (expected: " + CODES + ")");
            }
            reason = clean(reason);
        }
    }

    /** The message goes on with more User Properties. */
    static PublishVerdict annotate(List<UserProperty> userProperties, @Nullable String reason) {
        return new Annotate(userProperties, reason);
    }

    /** The message is taken, but not delivered. */
    static PublishVerdict divert(String reason) {
        return new Divert(reason);
    }

    /** The message is refused; who cannot be told stays connected. */
    static PublishVerdict refuse(ReasonCode code, String reason) {
        return new Refuse(code, reason, false);
    }

    private static String clean(String text) {
        Objects.requireNonNull(text, "text");
        StringBuilder clean = null;
        int length = Math.min(text.length(), MAX_TEXT);
        for (int i = 0; i < length; ) {
            int character = text.codePointAt(i);
            int end = i + Character.charCount(character);
            if (isRefused(character) || end > length) {
                if (clean == null) {
                    clean = new StringBuilder(text).delete(length, text.length());
                }
                clean.replace(i, end, "?".repeat(end - i));
                clean.setLength(length);
            }
            i = end;
        }
        return clean != null ? clean.toString() : text.substring(0, length);
    }

    /** Section 1.5.4: what a receiver may take for malformed. */
    private static boolean isRefused(int character) {
        return character < 0x20
                || character >= 0x7F && character <= 0x9F
                || character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE
                || character >= 0xFDD0 && character <= 0xFDEF
                || (character & 0xFFFE) == 0xFFFE;
    }
}
