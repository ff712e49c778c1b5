package io.busbar.api.broker;

import io.busbar.api.mqtt.ReasonCode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something a client wanted and did not get. Like ones (same kind, cause, client, principal,
 * address without port, topic) within the list are one entry with a count.
 *
 * @param id unique while the server runs
 * @param cause why
 * @param reason the Reason Code, as the client was told if it could be told
 * @param who the client; its principal is the one whose credential it is about
 * @param what what it wanted
 * @param times when, and how often
 */
public record Rejection(
        long id, Kind kind, Cause cause, ReasonCode reason, Who who, What what, Times times) {

    /**
     * What a client wanted.
     *
     * @param topic the topic or filter, for publish and subscribe
     * @param expected what would have been right, e.g. the Client Identifier that was expected
     * @param detail which rule, or which text says more; may be empty
     */
    public record What(@Nullable String topic, @Nullable String expected, String detail) {
        /** Something that is told in words alone. */
        public static What of(String detail) {
            return new What(null, null, detail);
        }

        /** Something about a topic or a filter. */
        public static What about(String topic, String detail) {
            return new What(topic, null, detail);
        }
    }

    /** When like ones were refused, and how often. */
    public record Times(Instant first, Instant last, long count) {
        /** For the first time. */
        public static Times once(Instant at) {
            return new Times(at, at, 1);
        }

        /** One more time. */
        public Times again(Instant at) {
            return new Times(first, at, count + 1);
        }
    }

    /** What was refused. */
    public enum Kind {
        CONNECT,
        PUBLISH,
        SUBSCRIBE,
        /**
         * Connections with one Client Identifier kick each other out: both addresses are in the
         * detail.
         */
        TAKE_OVER,
        /** A packet broke the protocol or a limit, and the connection was closed. */
        PROTOCOL
    }

    /** Why something was refused. */
    public enum Cause {
        // ---- who it is
        UNKNOWN_USER(ReasonCode.NOT_AUTHORIZED),
        WRONG_PASSWORD(ReasonCode.NOT_AUTHORIZED),
        NO_CREDENTIALS(ReasonCode.NOT_AUTHORIZED),
        /** Password right, Client Identifier not that of the credential. */
        CLIENT_ID_NOT_ALLOWED(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID),
        DISABLED(ReasonCode.NOT_AUTHORIZED),
        EXPIRED(ReasonCode.NOT_AUTHORIZED),
        ADDRESS_NOT_ALLOWED(ReasonCode.NOT_AUTHORIZED),
        TOO_MANY_CONNECTIONS(ReasonCode.QUOTA_EXCEEDED),
        /** Too many failures from this address for this user name. */
        THROTTLED(ReasonCode.CONNECTION_RATE_EXCEEDED),
        /** No provider of authentication, or it failed or did not answer in time. */
        UNAVAILABLE(ReasonCode.SERVER_UNAVAILABLE),
        AUTHENTICATION_METHOD(ReasonCode.BAD_AUTHENTICATION_METHOD),

        // ---- what CONNECT asks for
        /** None where there has to be one, or too long. */
        CLIENT_ID_NOT_VALID(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID),
        /** The Client Identifier belongs to a session of another identity. */
        CLIENT_ID_IN_USE(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID),
        /** Connections with one Client Identifier kick each other out. */
        CLIENT_ID_CONFLICT(ReasonCode.SESSION_TAKEN_OVER),
        /** More connections want the Client Identifier at once than are sorted out. */
        CLIENT_ID_BUSY(ReasonCode.SERVER_BUSY),
        /** Somebody lost access while the client was being let in; it may try again. */
        ACCESS_CHANGED(ReasonCode.SERVER_BUSY),
        TOO_MANY_SESSIONS(ReasonCode.QUOTA_EXCEEDED),
        /** As many connections as a listener, or all together, may have. */
        LISTENER_FULL(ReasonCode.QUOTA_EXCEEDED),
        /** Nothing that could be answered: no CONNECT came in time. */
        CONNECT_TIMEOUT(ReasonCode.UNSPECIFIED_ERROR),
        CONNECT_RATE(ReasonCode.CONNECTION_RATE_EXCEEDED),
        NOT_STORED(ReasonCode.SERVER_UNAVAILABLE),
        USE_ANOTHER_SERVER(ReasonCode.USE_ANOTHER_SERVER),
        SERVER_MOVED(ReasonCode.SERVER_MOVED),

        // ---- rights
        PUBLISH_DENIED(ReasonCode.NOT_AUTHORIZED),
        SUBSCRIBE_DENIED(ReasonCode.NOT_AUTHORIZED),
        WILL_DENIED(ReasonCode.NOT_AUTHORIZED),

        // ---- what is published
        /** An interceptor says no; the Reason Code is the one it chose. */
        REFUSED_BY_INTERCEPTOR(ReasonCode.PAYLOAD_FORMAT_INVALID),
        /** An interceptor failed or hangs, so the message could not be checked. */
        INTERCEPTOR_FAILED(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR),

        // ---- bounds
        TOPIC_TOO_DEEP(ReasonCode.TOPIC_NAME_INVALID),
        FILTER_TOO_DEEP(ReasonCode.TOPIC_FILTER_INVALID),
        PAYLOAD_FORMAT(ReasonCode.PAYLOAD_FORMAT_INVALID),
        RETAINED_FULL(ReasonCode.QUOTA_EXCEEDED),
        TOO_MANY_SUBSCRIPTIONS(ReasonCode.QUOTA_EXCEEDED),
        PUBLISH_RATE(ReasonCode.MESSAGE_RATE_TOO_HIGH),
        RECEIVE_MAXIMUM(ReasonCode.RECEIVE_MAXIMUM_EXCEEDED),
        TOPIC_ALIAS(ReasonCode.TOPIC_ALIAS_INVALID),
        /**
         * More in one packet, or in packets that are not complete, than allowed; see the detail.
         */
        QUOTA_EXCEEDED(ReasonCode.QUOTA_EXCEEDED),
        PACKET_TIMEOUT(ReasonCode.QUOTA_EXCEEDED),
        PACKET_TOO_LARGE(ReasonCode.PACKET_TOO_LARGE),

        // ---- what this server does not offer
        QOS_NOT_SUPPORTED(ReasonCode.QOS_NOT_SUPPORTED),
        RETAIN_NOT_SUPPORTED(ReasonCode.RETAIN_NOT_SUPPORTED),
        WILDCARDS_NOT_SUPPORTED(ReasonCode.WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED),
        IDENTIFIERS_NOT_SUPPORTED(ReasonCode.SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED),
        SHARES_NOT_SUPPORTED(ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED),

        // ---- the protocol
        PROTOCOL_VERSION(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION),
        MALFORMED_PACKET(ReasonCode.MALFORMED_PACKET),
        PROTOCOL_ERROR(ReasonCode.PROTOCOL_ERROR),
        /** The server's own fault. */
        SERVER_FAILED(ReasonCode.UNSPECIFIED_ERROR);

        private final ReasonCode reason;

        Cause(ReasonCode reason) {
            this.reason = reason;
        }

        /** The Reason Code that goes with it, if it is not said otherwise. */
        public ReasonCode reason() {
            return reason;
        }
    }
}
