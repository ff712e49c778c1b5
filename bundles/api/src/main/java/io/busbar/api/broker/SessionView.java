package io.busbar.api.broker;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session, connected or not.
 *
 * @param disconnectedAt null while connected
 * @param expiresAt when it ends if nobody connects; null while connected or for ever
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
