package io.busbar.api.mqtt;

import org.jspecify.annotations.Nullable;

/**
 * Who sent a message. Each connection has one instance, which all its messages share.
 *
 * @param principalId the authenticated identity, e.g. a credential's id; empty for the server
 *     itself
 * @param description a name of that identity for people, e.g. "Line 1 gateway"
 * @param clientId the Client Identifier; empty for the server itself
 * @param address IP address and port, or null if the message did not come over the network
 */
public record Publisher(
        String principalId, String description, String clientId, @Nullable String address) {
    /** The server itself, e.g. for its statistics. */
    public static final Publisher SERVER = new Publisher("", "Busbar", "", null);
}
