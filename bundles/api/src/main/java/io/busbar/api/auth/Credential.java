package io.busbar.api.auth;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a device presents to connect: a Client Identifier, a user name and a password. The password
 * itself is not part of this record. It is shown once when it is created; the server keeps only
 * what it needs to verify it.
 *
 * @param id identifies the credential; also the id of the {@link Principal} that it authenticates
 * @param description a name for people, 1 to 255 characters
 * @param clientIdPolicy how the Client Identifier of a connection must relate to {@code clientId}
 * @param otherClientIds further Client Identifiers, each of which may be used as it is, whatever
 *     the policy; without {@code clientId} and without duplicates
 * @param maxConnections how many connections at the same time; 0 = no limit
 * @param acl the access rules; an empty list allows nothing
 * @param enabled whether it may be used; if not, its clients are refused
 * @param expiresAt from when on it is refused; null = never
 * @param allowedNetworks addresses or CIDR blocks it may connect from; empty = any
 * @param lastSeenAt when a client last connected or disconnected with it, or null; stored to the
 *     minute
 * @param createdBy name of the {@link io.busbar.api.audit.Actor} that created it
 * @param updatedBy name of the actor of the last change
 * @param revision increases with every change
 */
public record Credential(
        String id,
        String description,
        String clientId,
        String username,
        ClientIdPolicy clientIdPolicy,
        List<String> otherClientIds,
        int maxConnections,
        List<AclRule> acl,
        boolean enabled,
        @Nullable Instant expiresAt,
        List<String> allowedNetworks,
        @Nullable Instant lastSeenAt,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy,
        long revision) {
    /** Most further Client Identifiers. */
    public static final int MAX_OTHER_CLIENT_IDS = 32;

    /** The same with these further Client Identifiers. */
    public Credential withOtherClientIds(List<String> others) {
        return new Credential(
                id,
                description,
                clientId,
                username,
                clientIdPolicy,
                others,
                maxConnections,
                acl,
                enabled,
                expiresAt,
                allowedNetworks,
                lastSeenAt,
                createdAt,
                createdBy,
                updatedAt,
                updatedBy,
                revision);
    }

    /** Returns whether a client may connect with a Client Identifier. */
    public boolean accepts(String presented) {
        return clientIdPolicy.accepts(clientId, presented) || otherClientIds.contains(presented);
    }

    /** Returns how precisely the credential is entitled to a Client Identifier. */
    public ClientIdClaim claim(String presented) {
        return clientIdPolicy != ClientIdPolicy.ANY && otherClientIds.contains(presented)
                ? ClientIdClaim.EXACT
                : clientIdPolicy.claim(clientId, presented);
    }

    /** Returns whether a Client Identifier is one of those that the credential names in full. */
    public boolean names(String presented) {
        return clientId.equals(presented) || otherClientIds.contains(presented);
    }
}
