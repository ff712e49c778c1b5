package io.busbar.api.mqtt;

import org.jspecify.annotations.Nullable;

/**
 * Who sent a message: one instance per connection, shared by all its messages.
 *
 * @param principalId the identity that was authenticated, e.g. a credential's id; empty for the
 *     server itself
 * @param description what people call that identity, e.g. "Line 1 gateway"
 * @param clientId the Client Identifier; empty for the server itself
 * @param address IP address and port, or null if the message did not come over the network
 */
public record Publisher(
        String principalId, String description, String clientId, @Nullable String address) {
    /** The server itself: statistics, bridges, commands. */
    public static final Publisher SERVER = new Publisher("", "Busbar", "", null);
}
