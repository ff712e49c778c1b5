package io.busbar.api.auth;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a new credential. Values that are null are generated or get their default.
 *
 * @param description a name for people, 1 to 255 characters
 * @param clientId null = generated: {@code uns} and 12 characters of lower-case base32
 * @param username null = generated: {@code u} and 12 characters of lower-case base32
 * @param password null = generated: 28 characters with more than 160 random bits. A password that a
 *     person chose is stored with a slow hash
 * @param clientIdPolicy which Client Identifiers may be used; null = {@link ClientIdPolicy#EXACT}
 * @param maxConnections how many connections at the same time; 0 = no limit
 * @param acl the access rules; null = {@link AclRule#DEFAULT}: publish and subscribe everywhere
 *     except in {@code $}-topics, and read {@code $SYS/broker/#}
 * @param expiresAt from when on it is refused; null = never
 * @param allowedNetworks addresses or CIDR blocks it may connect from; empty = any
 * @param otherClientIds further Client Identifiers that it may use, at most {@link
 *     Credential#MAX_OTHER_CLIENT_IDS}; its own is left out
 * @param allowOverlap whether another credential may have one of the Client Identifiers, e.g. while
 *     a device gets a new credential
 */
public record NewCredential(
        String description,
        @Nullable String clientId,
        @Nullable String username,
        @Nullable String password,
        @Nullable ClientIdPolicy clientIdPolicy,
        int maxConnections,
        @Nullable List<AclRule> acl,
        @Nullable Instant expiresAt,
        List<String> allowedNetworks,
        List<String> otherClientIds,
        boolean allowOverlap) {
    public NewCredential {
        otherClientIds = List.copyOf(otherClientIds);
    }

    /** One of a single Client Identifier, which must not be that of another credential. */
    public NewCredential(
            String description,
            @Nullable String clientId,
            @Nullable String username,
            @Nullable String password,
            @Nullable ClientIdPolicy clientIdPolicy,
            int maxConnections,
            @Nullable List<AclRule> acl,
            @Nullable Instant expiresAt,
            List<String> allowedNetworks) {
        this(
                description,
                clientId,
                username,
                password,
                clientIdPolicy,
                maxConnections,
                acl,
                expiresAt,
                allowedNetworks,
                List.of(),
                false);
    }

    /** The same with these further Client Identifiers. */
    public NewCredential withOtherClientIds(List<String> others) {
        return new NewCredential(
                description,
                clientId,
                username,
                password,
                clientIdPolicy,
                maxConnections,
                acl,
                expiresAt,
                allowedNetworks,
                others,
                allowOverlap);
    }

    /** A credential of which everything except the description is generated. */
    public static NewCredential of(String description) {
        return new NewCredential(description, null, null, null, null, 0, null, null, List.of());
    }
}
