package io.busbar.api.broker;

import io.busbar.api.mqtt.ReasonCode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something a client wanted and did not get. Like ones (same kind, cause, client, principal,
 * address without port, topic) within the list are one entry with a count.
 *
 * @param id unique while the server runs
 * @param cause e.g. WRONG_PASSWORD, CLIENT_ID_NOT_ALLOWED, PUBLISH_DENIED, KEPT_TAKING_OVER: name
 *     of {@code AuthResult.Cause} for connects, else the kind
 * @param principalId whose credential it is about, or null if unknown
 * @param expected what would have been right, e.g. the Client Identifier that was expected
 * @param topic the topic or filter, for publish and subscribe
 * @param detail which rule, or which text says more
 */
public record Rejection(
        long id,
        Kind kind,
        String cause,
        ReasonCode reason,
        String clientId,
        @Nullable String username,
        @Nullable String principalId,
        String address,
        String listener,
        @Nullable String expected,
        @Nullable String topic,
        String detail,
        Instant firstAt,
        Instant lastAt,
        long count) {
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
        /** A packet broke the protocol or a limit and the connection was closed. */
        PROTOCOL
    }
}
