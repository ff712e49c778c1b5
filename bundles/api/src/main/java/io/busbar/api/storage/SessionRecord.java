package io.busbar.api.storage;

import io.busbar.api.mqtt.Message;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a session.
 *
 * @param session unique number in its shard, greater than any before. Of two sessions with one
 *     Client Identifier the greater number is the client's; the other has ended and is kept until
 *     what it leaves is safe with others
 * @param principalId who it belongs to; another identity must not resume it
 * @param expirySeconds how long it lives without a connection; 0xFFFFFFFF = for ever
 * @param disconnectedAt milliseconds since the epoch, or 0 while connected
 * @param will the Will Message not yet sent, or null
 * @param willDelaySeconds how long after the disconnection the will is due
 */
public record SessionRecord(
        long session,
        String clientId,
        String principalId,
        String username,
        long expirySeconds,
        long createdAt,
        long disconnectedAt,
        @Nullable Message will,
        long willDelaySeconds) {}
