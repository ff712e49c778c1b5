package io.busbar.api.broker;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.Principal;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.storage.SubscriptionRecord;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Who is connected, and power over them. Thread-safe; nothing here blocks, effects follow within
 * milliseconds on the clients' event loops. Who disconnects a client or ends a session is told in
 * its {@link io.busbar.api.broker.spi.ClientEvent}.
 */
@ProviderType
public interface Clients {
    /** All connected clients, in no particular order. */
    List<ClientView> list();

    Optional<ClientView> get(String clientId);

    /** All sessions, connected or not. */
    List<SessionView> sessions();

    /** The subscriptions of a session, connected or not; empty if there is no such session. */
    List<SubscriptionRecord> subscriptions(String clientId);

    /**
     * Disconnects a client; an MQTT 5 client is told the reason. Its will is sent, its session
     * stays.
     *
     * @return whether it was connected
     */
    boolean disconnect(String clientId, ReasonCode reason, String text, Actor actor);

    /**
     * Disconnects every client of an identity.
     *
     * @param endSessions whether its sessions, also those not connected, end at once
     * @return how many were connected
     */
    int disconnectAll(
            String principalId, ReasonCode reason, String text, boolean endSessions, Actor actor);

    /**
     * Gives every client of the identity new rights, from its next message on; those without the
     * right to what they subscribed get no more of it.
     */
    void update(Principal principal, Actor actor);
}
