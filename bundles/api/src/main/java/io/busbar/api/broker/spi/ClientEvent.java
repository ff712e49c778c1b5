package io.busbar.api.broker.spi;

import io.busbar.api.audit.Actor;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.DropCause;
import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.ReasonCode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a client: it connected, disconnected, was refused something, lost
 * messages, or its session ended. Passed to every {@link ClientListener}. Immutable.
 */
public sealed interface ClientEvent {
    /** When it happened. */
    Instant at();

    /**
     * A client has connected.
     *
     * @param client the client as it is connected
     * @param sessionPresent whether it continues an existing session
     */
    record Connected(Instant at, ClientView client, boolean sessionPresent)
            implements ClientEvent {}

    /**
     * A connection has ended.
     *
     * @param client the client at the end of its connection
     * @param cause why the connection ended
     * @param reason the Reason Code that goes with the cause
     * @param text further explanation for people, or null if there is none
     * @param actor who disconnected the client, if the cause is {@link Cause#ADMINISTRATOR};
     *     otherwise null
     */
    record Disconnected(
            Instant at,
            ClientView client,
            Cause cause,
            ReasonCode reason,
            @Nullable String text,
            @Nullable Actor actor)
            implements ClientEvent {}

    /** A client was refused something. */
    record Refused(Instant at, Rejection rejection) implements ClientEvent {}

    /**
     * A session has ended.
     *
     * @param clientId the Client Identifier of the session
     * @param cause why the session ended
     * @param actor who ended it, if the cause is {@link SessionEnd#ADMINISTRATOR}; otherwise null
     */
    record SessionEnded(Instant at, String clientId, SessionEnd cause, @Nullable Actor actor)
            implements ClientEvent {}

    /**
     * A client missed messages that it subscribes to. Reported at most a few times a second.
     *
     * @param count how many messages since the last report
     */
    record Dropped(Instant at, String clientId, DropCause cause, long count)
            implements ClientEvent {}

    /** Why a session ended. */
    enum SessionEnd {
        /** It ended together with its connection, because its Session Expiry Interval was 0. */
        CONNECTION,
        /** Its Session Expiry Interval has passed. */
        EXPIRED,
        /** Its client asked for a new session with Clean Start. */
        CLEAN_START,
        /** A person ended it, or its credential was deleted. */
        ADMINISTRATOR,
        /**
         * An identity connected that is more precisely entitled to its Client Identifier; see
         * {@link io.busbar.api.auth.spi.ClientIdOwners}.
         */
        OWNER_CONNECTED
    }

    /** Why a connection ended. */
    enum Cause {
        /** The client sent DISCONNECT. */
        CLIENT,
        /** The network connection broke without DISCONNECT. */
        CONNECTION_LOST,
        KEEP_ALIVE_TIMEOUT,
        TAKEN_OVER,
        PROTOCOL_ERROR,
        LIMIT,
        ADMINISTRATOR,
        SERVER_STOPPING
    }
}
