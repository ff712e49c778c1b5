package io.busbar.api.broker.spi;

import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.UserProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a {@link PublishInterceptor} about one message.
 *
 * <p>Texts in an answer may contain anything, e.g. parts of a payload. Characters that MQTT does
 * not allow in text are replaced by {@code ?}, and texts longer than {@value #MAX_TEXT} characters
 * are cut.
 */
public sealed interface PublishVerdict {
    /** Longest text in an answer, in characters. */
    int MAX_TEXT = 1_024;

    /** Most User Properties in one answer. */
    int MAX_USER_PROPERTIES = 16;

    /** The message passes unchanged. */
    PublishVerdict PASS = new Pass();

    /** The type of {@link #PASS}. */
    record Pass() implements PublishVerdict {}

    /**
     * This message takes a call that may block: the broker makes it on a thread of its own, of
     * {@link PublishInterceptor#interceptElsewhere}. Only for interceptors that are asked on event
     * loops; from others, and from that call, it is a failure.
     */
    PublishVerdict ELSEWHERE = new Elsewhere();

    /** The type of {@link #ELSEWHERE}. */
    record Elsewhere() implements PublishVerdict {}

    /**
     * The message passes with additional User Properties, appended to its own. MQTT 5 subscribers
     * and the namespace see them; MQTT 3 clients do not. They count towards a subscriber's Maximum
     * Packet Size.
     *
     * @param userProperties 0 to {@value #MAX_USER_PROPERTIES} properties
     * @param reason sent to an MQTT 5 publisher as the Reason String of the successful
     *     acknowledgement; null for none
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
     * The message is accepted, but neither retained nor delivered: the interceptor has taken it
     * over, e.g. stored it elsewhere. The publisher is told that it succeeded, with every QoS and
     * version.
     *
     * @param reason sent to an MQTT 5 publisher as Reason String
     */
    record Divert(String reason) implements PublishVerdict {
        public Divert {
            reason = clean(reason);
        }
    }

    /**
     * The message is refused: it is neither retained nor delivered, and appears in the list of
     * rejections.
     *
     * <p>An MQTT 5 publisher learns this from PUBACK or PUBREC if it used QoS 1 or 2. REST and
     * shell learn it from their answer. At QoS 0, and with MQTT 3 at every QoS, the protocol has no
     * way to report it: the message is acknowledged as its QoS requires and dropped. In these cases
     * {@code close} can be used. The connection is then closed and the message is not acknowledged;
     * MQTT 5 gets the reason in DISCONNECT, and an MQTT 3 client that keeps its session will send
     * the message again. A Will Message is simply not sent.
     *
     * @param code one of {@link #CODES}, which PUBACK, PUBREC and DISCONNECT all allow
     * @param reason what is wrong, in words for the publisher
     * @param close whether to close the connection if the publisher cannot be told otherwise
     */
    record Refuse(ReasonCode code, String reason, boolean close) implements PublishVerdict {
        /** The Reason Codes that may be used [MQTT5-3.4.2-1] [MQTT5-3.5.2-1] [MQTT5-3.14.2-1]. */
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

    /** Creates an {@link Annotate}: the message passes with additional User Properties. */
    static PublishVerdict annotate(List<UserProperty> userProperties, @Nullable String reason) {
        return new Annotate(userProperties, reason);
    }

    /** Creates a {@link Divert}: the message is accepted, but not delivered. */
    static PublishVerdict divert(String reason) {
        return new Divert(reason);
    }

    /**
     * Creates a {@link Refuse} that does not close the connection, even if the publisher cannot be
     * told.
     *
     * @param code one of {@link Refuse#CODES}
     */
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

    /** Characters that a receiver may treat as malformed: MQTT 5.0 section 1.5.4. */
    private static boolean isRefused(int character) {
        return character < 0x20
                || character >= 0x7F && character <= 0x9F
                || character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE
                || character >= 0xFDD0 && character <= 0xFDEF
                || (character & 0xFFFE) == 0xFFFE;
    }
}
