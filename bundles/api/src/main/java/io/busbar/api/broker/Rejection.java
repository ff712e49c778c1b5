package io.busbar.api.broker;

import io.busbar.api.mqtt.ReasonCode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that a client wanted and was refused. In the list of rejections, entries with the same
 * kind, cause, client, principal and address (without port) are merged into one entry with a count;
 * what was wanted is what was wanted the last time.
 *
 * @param id identifies the entry while the server runs
 * @param kind what kind of request was refused
 * @param cause why
 * @param reason the Reason Code, as it was sent to the client if it could be told
 * @param who the client; its principal is the identity whose credential is concerned
 * @param what what it wanted
 * @param times when it happened, and how often
 */
public record Rejection(
        long id, Kind kind, Cause cause, ReasonCode reason, Who who, What what, Times times) {

    /**
     * What a client wanted.
     *
     * @param topic the topic or topic filter, for publish and subscribe; otherwise null
     * @param expected what would have been right, e.g. the expected Client Identifier; null if
     *     there is nothing to say
     * @param detail further explanation, e.g. the rule that denied it; may be empty
     */
    public record What(@Nullable String topic, @Nullable String expected, String detail) {
        /** Creates one that consists of an explanation only. */
        public static What of(String detail) {
            return new What(null, null, detail);
        }

        /** Creates one about a topic or topic filter. */
        public static What about(String topic, String detail) {
            return new What(topic, null, detail);
        }
    }

    /**
     * When requests of the same kind were refused, and how often.
     *
     * @param first the first time
     * @param last the most recent time
     * @param count how often
     */
    public record Times(Instant first, Instant last, long count) {
        /** Creates one for the first occurrence. */
        public static Times once(Instant at) {
            return new Times(at, at, 1);
        }

        /** Returns this with one more occurrence. */
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
         * Two or more clients with the same Client Identifier keep disconnecting each other. The
         * detail names both addresses.
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
        /** The password is right, but the credential does not allow this Client Identifier. */
        CLIENT_ID_NOT_ALLOWED(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID),
        DISABLED(ReasonCode.NOT_AUTHORIZED),
        EXPIRED(ReasonCode.NOT_AUTHORIZED),
        ADDRESS_NOT_ALLOWED(ReasonCode.NOT_AUTHORIZED),
        TOO_MANY_CONNECTIONS(ReasonCode.QUOTA_EXCEEDED),
        /** Too many failed attempts from this address with this user name. */
        THROTTLED(ReasonCode.CONNECTION_RATE_EXCEEDED),
        /**
         * Too many clients wait to be verified; passwords that people choose take long. It may try
         * again.
         */
        AUTHENTICATION_BUSY(ReasonCode.SERVER_BUSY),
        /** There is no authenticator, or it failed or did not answer in time. */
        UNAVAILABLE(ReasonCode.SERVER_UNAVAILABLE),
        AUTHENTICATION_METHOD(ReasonCode.BAD_AUTHENTICATION_METHOD),

        // ---- what CONNECT asks for
        /** The Client Identifier is missing although one is required, or it is too long. */
        CLIENT_ID_NOT_VALID(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID),
        /** The Client Identifier belongs to a session of another identity. */
        CLIENT_ID_IN_USE(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID),
        /** Two or more clients with the same Client Identifier keep disconnecting each other. */
        CLIENT_ID_CONFLICT(ReasonCode.SESSION_TAKEN_OVER),
        /** Too many connections request this Client Identifier at the same time. */
        CLIENT_ID_BUSY(ReasonCode.SERVER_BUSY),
        /** Access rights changed while the client was being let in. It may try again. */
        ACCESS_CHANGED(ReasonCode.SERVER_BUSY),
        TOO_MANY_SESSIONS(ReasonCode.QUOTA_EXCEEDED),
        /** The listener, or the server as a whole, has reached its limit of connections. */
        LISTENER_FULL(ReasonCode.QUOTA_EXCEEDED),
        /** No CONNECT arrived in time, so there was nothing to answer. */
        CONNECT_TIMEOUT(ReasonCode.UNSPECIFIED_ERROR),
        CONNECT_RATE(ReasonCode.CONNECTION_RATE_EXCEEDED),
        /** What would have to survive could not be stored. */
        NOT_STORED(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR),
        /** It could not be stored because the disk is full. */
        DISK_FULL(ReasonCode.QUOTA_EXCEEDED),
        USE_ANOTHER_SERVER(ReasonCode.USE_ANOTHER_SERVER),
        SERVER_MOVED(ReasonCode.SERVER_MOVED),

        // ---- rights
        PUBLISH_DENIED(ReasonCode.NOT_AUTHORIZED),
        SUBSCRIBE_DENIED(ReasonCode.NOT_AUTHORIZED),
        WILL_DENIED(ReasonCode.NOT_AUTHORIZED),

        // ---- what is published
        /** An interceptor refused the message and chose the Reason Code. */
        REFUSED_BY_INTERCEPTOR(ReasonCode.PAYLOAD_FORMAT_INVALID),
        /** The message could not be checked, because an interceptor failed or hangs. */
        INTERCEPTOR_FAILED(ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR),

        // ---- bounds
        TOPIC_TOO_DEEP(ReasonCode.TOPIC_NAME_INVALID),
        FILTER_TOO_DEEP(ReasonCode.TOPIC_FILTER_INVALID),
        PAYLOAD_FORMAT(ReasonCode.PAYLOAD_FORMAT_INVALID),
        RETAINED_FULL(ReasonCode.QUOTA_EXCEEDED),
        TOO_MANY_SUBSCRIPTIONS(ReasonCode.QUOTA_EXCEEDED),
        /**
         * The server's memory is short, and this identity holds more of it than others: {@link
         * io.busbar.api.memory.MemoryBudget}.
         */
        MEMORY_FULL(ReasonCode.QUOTA_EXCEEDED),
        PUBLISH_RATE(ReasonCode.MESSAGE_RATE_TOO_HIGH),
        RECEIVE_MAXIMUM(ReasonCode.RECEIVE_MAXIMUM_EXCEEDED),
        TOPIC_ALIAS(ReasonCode.TOPIC_ALIAS_INVALID),
        /**
         * One packet, or the packets that are still incomplete, hold more than is allowed. The
         * detail says what.
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
        /** An error in the server itself. */
        SERVER_FAILED(ReasonCode.UNSPECIFIED_ERROR);

        private final ReasonCode reason;

        Cause(ReasonCode reason) {
            this.reason = reason;
        }

        /** The Reason Code of this cause, unless the rejection has another one. */
        public ReasonCode reason() {
            return reason;
        }
    }
}
