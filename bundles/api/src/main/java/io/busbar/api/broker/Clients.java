package io.busbar.api.broker;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.Principal;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.storage.SubscriptionRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Shows connected clients and sessions, and disconnects them. Published as a service. Thread-safe;
 * no method blocks. Changes take effect within milliseconds, on the clients' event loops. The actor
 * of a disconnection or of a session's end appears in the {@link
 * io.busbar.api.broker.spi.ClientEvent}.
 */
@ProviderType
public interface Clients {
    /** Returns all connected clients, in no particular order. For where they are few. */
    default List<ClientView> list() {
        List<ClientView> found = new ArrayList<>();
        each(found::add);
        return found;
    }

    /** Hands each connected client to a consumer, in no particular order, without a list of all. */
    void each(Consumer<? super ClientView> consumer);

    /**
     * Returns the connected client with this Client Identifier, or empty if it is not connected.
     */
    Optional<ClientView> get(String clientId);

    /** Returns all sessions, whether connected or not. For where they are few. */
    default List<SessionView> sessions() {
        List<SessionView> found = new ArrayList<>();
        eachSession(found::add);
        return found;
    }

    /**
     * Hands each session to a consumer, whether connected or not, in no particular order, without a
     * list of all. Every connected client has one.
     */
    void eachSession(Consumer<? super SessionView> consumer);

    /** Returns the session with this Client Identifier, or empty if there is none. */
    Optional<SessionView> session(String clientId);

    /**
     * Returns the subscriptions of a session, whether connected or not; empty if there is no such
     * session.
     */
    List<SubscriptionRecord> subscriptions(String clientId);

    /**
     * Disconnects a client. An MQTT 5 client is told the reason. Its Will Message is sent and its
     * session stays.
     *
     * @param reason the Reason Code for the client
     * @param text why, in words
     * @return whether it was connected
     */
    boolean disconnect(String clientId, ReasonCode reason, String text, Actor actor);

    /**
     * Ends a session, whether its client is connected or not. A connected MQTT 5 client is told
     * "administrative action" (0x98). Its Will Message is sent [MQTT5-3.1.2-8], and messages that
     * wait for it are dropped and counted ({@link DropCause#SESSION_ENDED}). The client may connect
     * again and gets a new session.
     *
     * @param text why, in words
     * @return whether there was a session
     */
    boolean endSession(String clientId, String text, Actor actor);

    /**
     * Disconnects all clients of an identity, e.g. of a credential that was deleted.
     *
     * @param principalId the identity
     * @param reason the Reason Code for the clients
     * @param text why, in words
     * @param endSessions whether the identity's sessions end at once, including those that are not
     *     connected
     * @return how many clients were connected
     */
    int disconnectAll(
            String principalId, ReasonCode reason, String text, boolean endSessions, Actor actor);

    /**
     * Replaces the principal of all connected clients of an identity, e.g. after its rules changed.
     * The new rights apply from the next message on. A client that lost the right to topics it
     * subscribes to gets no more of their messages.
     *
     * @param principal the new principal; its id says whose clients these are
     */
    void update(Principal principal, Actor actor);
}
