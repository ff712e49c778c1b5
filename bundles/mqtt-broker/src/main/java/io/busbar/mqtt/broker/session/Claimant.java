package io.busbar.mqtt.broker.session;

import io.busbar.api.auth.Principal;
import io.busbar.api.mqtt.Message;
import io.busbar.mqtt.broker.loop.Loop;
import org.jspecify.annotations.Nullable;

/**
 * A connection that requests the session of a Client Identifier. Called on the connection's event
 * loop.
 */
public interface Claimant {
    Loop loop();

    String clientId();

    Principal principal();

    String address();

    /** Whether it has been closed meanwhile and wants nothing any more. */
    boolean isGone();

    /**
     * Whether its identity is more precisely entitled to the Client Identifier than the one that
     * holds a session of it; called on the loop of that session.
     */
    boolean outranks(Principal holder);

    /** Whether the session has to be a new one. */
    boolean cleanStart();

    /** The Will Message that it brings, or null. */
    @Nullable Message will();

    /** Session Expiry Interval of a session that is made for it. */
    long expirySeconds();

    /**
     * Gets the session; its connection is counted until it leaves.
     *
     * @param present whether it existed before
     */
    void granted(Session session, boolean present);

    /** Does not get it. */
    void refused(Refusal why);

    /** Why not. */
    enum Refusal {
        /** The Client Identifier belongs to a session of another identity. */
        HELD_BY_ANOTHER,
        /** Its identity has as many connections as it may. */
        TOO_MANY_CONNECTIONS,
        /** There are too many sessions. */
        TOO_MANY_SESSIONS,
        /** There is no memory for another session of its identity. */
        NO_MEMORY,
        /** Too many connections want the Client Identifier at once. */
        TOO_MANY_CLAIMS,
        /** What the store has of the session cannot be read now. */
        NOT_READ,
        /** The server could not do it. */
        FAILED
    }
}
