package io.busbar.auth.credentials;

import io.busbar.api.audit.Actor;
import io.busbar.api.auth.Credential;
import io.busbar.api.broker.ClientView;
import io.busbar.api.broker.Clients;
import io.busbar.api.mqtt.ReasonCode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a change of a credential does to the clients that are connected with it. Does nothing while
 * there is no broker.
 */
final class LiveClients {
    private LiveClients() {}

    static void disconnectAll(
            @Nullable Clients clients, String id, String text, boolean endSessions, Actor actor) {
        if (clients != null) {
            clients.disconnectAll(id, ReasonCode.ADMINISTRATIVE_ACTION, text, endSessions, actor);
        }
    }

    static void update(@Nullable Clients clients, Entry entry, Actor actor) {
        if (clients != null) {
            clients.update(entry.principal(), actor);
        }
    }

    /**
     * Disconnects those whose Client Identifier or address the credential does not allow any more.
     */
    static void disconnectUnfit(@Nullable Clients clients, Entry entry, Actor actor) {
        if (clients != null) {
            for (ClientView client : clients.list()) {
                if (client.principal().id().equals(entry.id())) {
                    disconnectIfUnfit(clients, client, entry, actor);
                }
            }
        }
    }

    /**
     * Catches a client that was judged just before a change and came online just after it. Who made
     * the change is not known any more: it is the server that sees to it.
     */
    static void recheck(
            @Nullable Clients clients, ClientView client, @Nullable Entry entry, Instant now) {
        if (clients == null) {
            return;
        }
        if (entry == null) {
            disconnectAll(
                    clients, client.principal().id(), "Credential was deleted", true, Actor.SERVER);
        } else if (!entry.credential().enabled()) {
            disconnectAll(clients, entry.id(), "Credential was disabled", false, Actor.SERVER);
        } else if (entry.isExpired(now)) {
            disconnectAll(clients, entry.id(), "Credential has expired", false, Actor.SERVER);
        } else if (!disconnectIfUnfit(clients, client, entry, Actor.SERVER)
                && !client.principal().equals(entry.principal())) {
            clients.update(entry.principal(), Actor.SERVER);
        }
    }

    private static boolean disconnectIfUnfit(
            Clients clients, ClientView client, Entry entry, Actor actor) {
        Credential credential = entry.credential();
        if (!credential.clientIdPolicy().accepts(credential.clientId(), client.clientId())) {
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
