package io.busbar.api.auth;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a device presents to connect: a Client Identifier, a user name and a password. The password
 * is no part of it: it is shown once, when it is made, and only its verifiers are kept.
 *
 * @param id also the id of the {@link Principal} that it authenticates
 * @param description 1 to 255 characters
 * @param maxConnections how many connections at once; 0 = no limit
 * @param expiresAt from when on it is refused, or null
 * @param allowedNetworks addresses or CIDR blocks it may connect from; empty = any
 * @param lastSeenAt when it last connected, or null; kept to the minute
 * @param revision grows with every change
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
