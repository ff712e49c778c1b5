package io.busbar.auth.credentials;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.Credential;
import io.busbar.api.auth.Network;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.Clients;
import io.busbar.api.mqtt.ReasonCode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a change of a credential does to the clients that are connected with it. Does nothing while
 * there is no broker. Thread-safe.
 */
final class LiveClients {
    private static final String DELETED = "Credential was deleted";
    private static final String DISABLED = "Credential was disabled";
    private static final String EXPIRED = "Credential has expired";

    private volatile @Nullable Clients clients;

    void set(Clients added) {
        clients = added;
    }

    void unset(Clients removed) {
        if (clients == removed) {
            clients = null;
        }
    }

    /** A credential is another one from now on. */
    void changed(Entry old, Entry changed, Instant now, Actor actor) {
        Clients current = clients;
        if (current == null) {
            return;
        }
        if (!changed.credential().enabled()) {
            disconnectAll(current, changed.id(), DISABLED, false, actor);
        } else if (changed.isExpired(now)) {
            disconnectAll(current, changed.id(), EXPIRED, false, actor);
        } else {
            current.each(
                    client -> {
                        if (client.principal().id().equals(changed.id())) {
                            disconnectIfUnfit(current, client, changed, actor);
                        }
                    });
            if (!changed.principal().equals(old.principal())) {
                current.update(changed.principal(), actor);
            }
        }
    }

    void passwordReset(String id, Actor actor) {
        Clients current = clients;
        if (current != null) {
            disconnectAll(current, id, "Password was reset", false, actor);
        }
    }

    void deleted(String id, Actor actor) {
        Clients current = clients;
        if (current != null) {
            disconnectAll(current, id, DELETED, true, actor);
        }
    }

    void expired(String id) {
        Clients current = clients;
        if (current != null) {
            disconnectAll(current, id, EXPIRED, false, Actor.SERVER);
        }
    }

    /**
     * Catches a client that was judged just before a change and came online just after it. Who made
     * the change is not known any more: it is the server that sees to it.
     *
     * @param entry null if its credential does not exist any more
     */
    void connected(ClientView client, @Nullable Entry entry, Instant now) {
        Clients current = clients;
        if (current == null) {
            return;
        }
        if (entry == null) {
            disconnectAll(current, client.principal().id(), DELETED, true, Actor.SERVER);
        } else if (!entry.credential().enabled()) {
            disconnectAll(current, entry.id(), DISABLED, false, Actor.SERVER);
        } else if (entry.isExpired(now)) {
            disconnectAll(current, entry.id(), EXPIRED, false, Actor.SERVER);
        } else if (!disconnectIfUnfit(current, client, entry, Actor.SERVER)
                && !client.principal().equals(entry.principal())) {
            current.update(entry.principal(), Actor.SERVER);
        }
    }

    private static void disconnectAll(
            Clients clients, String id, String text, boolean endSessions, Actor actor) {
        clients.disconnectAll(id, ReasonCode.ADMINISTRATIVE_ACTION, text, endSessions, actor);
    }

    /** Disconnects a client whose Client Identifier or address is not allowed any more. */
    private static boolean disconnectIfUnfit(
            Clients clients, ClientView client, Entry entry, Actor actor) {
        Credential credential = entry.credential();
        if (!credential.accepts(client.clientId())) {
            return clients.disconnect(
                    client.clientId(),
                    ReasonCode.ADMINISTRATIVE_ACTION,
                    "Client Identifier is not allowed any more",
                    actor);
        }
        if (!entry.networks().isEmpty() && !allows(entry, client.address())) {
            return clients.disconnect(
                    client.clientId(),
                    ReasonCode.ADMINISTRATIVE_ACTION,
                    "Address is not allowed any more",
                    actor);
        }
        return false;
    }

    /** Takes an address as {@link ClientView#address} gives it, with its port. */
    private static boolean allows(Entry entry, String address) {
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? address : address.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        int zone = host.indexOf('%');
        try {
            return entry.allows(Network.literal(zone < 0 ? host : host.substring(0, zone)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
