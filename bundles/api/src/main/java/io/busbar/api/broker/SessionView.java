package io.busbar.api.broker;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The session of a client, whether connected or not, as it was when it was asked for.
 *
 * @param principalId the identity that the session belongs to
 * @param username the user name of that identity; empty if it has none
 * @param reserved whether another identity has a more precise claim on the Client Identifier: when
 *     it connects, this session ends; see {@link io.busbar.api.auth.spi.ClientIdOwners}
 * @param online whether its client is connected
 * @param subscriptions how many subscriptions it has
 * @param queued messages that wait to be sent, or were sent and are not acknowledged
 * @param queuedBytes the memory that these messages take, in bytes; what {@code max.queued.bytes}
 *     limits
 * @param expirySeconds how long it outlives its connection; 0xFFFFFFFF = for ever
 * @param disconnectedAt null while connected
 * @param expiresAt when it ends if its client does not connect again; null while connected, or if
 *     it never expires
 */
public record SessionView(
        String clientId,
        String principalId,
        String username,
        boolean reserved,
        boolean online,
        int subscriptions,
        long queued,
        long queuedBytes,
        long expirySeconds,
        Instant createdAt,
        @Nullable Instant disconnectedAt,
        @Nullable Instant expiresAt) {}
