package io.busbar.api.broker.spi;

import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.DropCause;
import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.ReasonCode;
import java.time.Instant;

/** Something that happened to a client. */
public sealed interface ClientEvent {
    Instant at();

    /** A client is connected. */
    record Connected(Instant at, ClientView client, boolean sessionPresent)
            implements ClientEvent {}

    /** A connection ended. */
    record Disconnected(Instant at, ClientView client, Cause cause, ReasonCode reason)
            implements ClientEvent {}

    /** Something was refused. */
    record Refused(Instant at, Rejection rejection) implements ClientEvent {}

    /** A session ended. */
    record SessionEnded(Instant at, String clientId, SessionEnd cause) implements ClientEvent {}

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
