package io.busbar.api.broker;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The session of a client, whether connected or not, as it was when it was asked for.
 *
 * @param principalId the identity that the session belongs to
 * @param online whether its client is connected
 * @param subscriptions how many subscriptions it has
 * @param queued messages that wait to be sent
 * @param disconnectedAt null while connected
 * @param expiresAt when it ends if its client does not connect again; null while connected, or if
 *     it never expires
 */
public record SessionView(
        String clientId,
        String principalId,
        boolean online,
        int subscriptions,
        long queued,
        Instant createdAt,
        @Nullable Instant disconnectedAt,
        @Nullable Instant expiresAt) {}
