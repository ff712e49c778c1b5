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
        long revision) {}
