package io.busbar.api.storage;

import io.busbar.api.mqtt.Message;
import org.jspecify.annotations.Nullable;

/**
 * A session as it is stored.
 *
 * @param session the session's number: unique in its shard, and greater than all before. Two
 *     sessions may have the same Client Identifier for a while. Then the one with the greater
 *     number belongs to the client. The other one has ended; it is kept until the messages it
 *     leaves to other sessions are stored there
 * @param clientId the Client Identifier
 * @param principalId the identity that owns the session; other identities must not resume it
 * @param username the user name of that identity; empty if it has none
 * @param expirySeconds how long it lives without a connection, in seconds; 0xFFFFFFFF = for ever
 * @param createdAt in milliseconds since the epoch
 * @param disconnectedAt in milliseconds since the epoch, or 0 while connected
 * @param will the Will Message that has not been sent yet, or null
 * @param willDelaySeconds how many seconds after the disconnection the Will Message is due
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
        long willDelaySeconds) {

    /** The same with another number. */
    public SessionRecord withSession(long number) {
        return new SessionRecord(
                number,
                clientId,
                principalId,
                username,
                expirySeconds,
                createdAt,
                disconnectedAt,
                will,
                willDelaySeconds);
    }

    /** The same, without a connection since a point in time. */
    public SessionRecord leftAt(long millis) {
        return new SessionRecord(
                session,
                clientId,
                principalId,
                username,
                expirySeconds,
                createdAt,
                millis,
                will,
                willDelaySeconds);
    }
}
