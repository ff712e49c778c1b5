package io.busbar.api.auth;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A partial change of a credential. Components that are null stay as they are. The change applies
 * to live connections at once. See {@link Credential} for the meaning of the components.
 *
 * @param otherClientIds all further Client Identifiers, at most 32; the credential's own is left
 *     out of them
 * @param expiresAt null = unchanged, empty = never expires
 * @param allowOverlap whether another credential may have the same Client Identifier
 */
public record CredentialChange(
        @Nullable String description,
        @Nullable ClientIdPolicy clientIdPolicy,
        @Nullable String clientId,
        @Nullable Integer maxConnections,
        @Nullable List<AclRule> acl,
        @Nullable Boolean enabled,
        @Nullable Optional<Instant> expiresAt,
        @Nullable List<String> allowedNetworks,
        @Nullable List<String> otherClientIds,
        boolean allowOverlap) {
    /** A change to a Client Identifier, if any, that must not be that of another credential. */
    public CredentialChange(
            @Nullable String description,
            @Nullable ClientIdPolicy clientIdPolicy,
            @Nullable String clientId,
            @Nullable Integer maxConnections,
            @Nullable List<AclRule> acl,
            @Nullable Boolean enabled,
            @Nullable Optional<Instant> expiresAt,
            @Nullable List<String> allowedNetworks) {
        this(
                description,
                clientIdPolicy,
                clientId,
                maxConnections,
                acl,
                enabled,
                expiresAt,
                allowedNetworks,
                null,
                false);
    }

    /** A change that only enables or disables the credential. */
    public static CredentialChange enabled(boolean enabled) {
        return new CredentialChange(null, null, null, null, null, enabled, null, null);
    }

    /** A change that only sets the further Client Identifiers that may connect. */
    public static CredentialChange otherClientIds(List<String> clientIds) {
        return new CredentialChange(
                null, null, null, null, null, null, null, null, clientIds, false);
    }

    /**
     * A change that only sets which Client Identifiers may connect.
     *
     * @param clientId the new Client Identifier; null = unchanged
     */
    public static CredentialChange clientIds(ClientIdPolicy policy, @Nullable String clientId) {
        return new CredentialChange(null, policy, clientId, null, null, null, null, null);
    }
}
