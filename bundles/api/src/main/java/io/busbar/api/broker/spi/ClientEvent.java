package io.busbar.api.broker.spi;

import io.busbar.api.audit.Actor;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.DropCause;
import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.ReasonCode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Something that happened to a client. */
public sealed interface ClientEvent {
    Instant at();

    /** A client is connected. */
    record Connected(Instant at, ClientView client, boolean sessionPresent)
            implements ClientEvent {}

    /**
     * A connection ended.
     *
     * @param text why, in words, or null if there is no more to say than the cause
     * @param actor who wanted it: with {@link Cause#ADMINISTRATOR}; else null
     */
    record Disconnected(
            Instant at,
            ClientView client,
            Cause cause,
            ReasonCode reason,
            @Nullable String text,
            @Nullable Actor actor)
            implements ClientEvent {}

    /** Something was refused. */
    record Refused(Instant at, Rejection rejection) implements ClientEvent {}

    /**
     * A session ended.
     *
     * @param actor who wanted it: with {@link SessionEnd#ADMINISTRATOR}; else null
     */
    record SessionEnded(Instant at, String clientId, SessionEnd cause, @Nullable Actor actor)
            implements ClientEvent {}

    /** A client did not get messages that it subscribes to; told a few times a second at most. */
    record Dropped(Instant at, String clientId, DropCause cause, long count)
            implements ClientEvent {}

    /** Why a session ended. */
    enum SessionEnd {
        /** With its connection: its Session Expiry Interval was 0. */
        CONNECTION,
        /** Its Session Expiry Interval has passed. */
        EXPIRED,
        /** Its client asked for a new one, Clean Start. */
        CLEAN_START,
        /** People, or the end of its credential. */
        ADMINISTRATOR
    }

    /** Why a connection ended. */
    enum Cause {
        /** The client said DISCONNECT. */
        CLIENT,
        /** The network connection broke without one. */
        CONNECTION_LOST,
        KEEP_ALIVE_TIMEOUT,
        TAKEN_OVER,
        PROTOCOL_ERROR,
        LIMIT,
        ADMINISTRATOR,
        SERVER_STOPPING
    }
}
