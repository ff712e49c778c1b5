package io.busbar.api.broker.spi;

import io.busbar.api.broker.ClientView;
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

    /** A session ended: expired, cleaned or deleted. */
    record SessionEnded(Instant at, String clientId) implements ClientEvent {}

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
