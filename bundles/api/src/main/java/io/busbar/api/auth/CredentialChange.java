package io.busbar.api.auth;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A partial change of a credential: what is null stays as it is. Applied to live connections at
 * once.
 *
 * @param expiresAt null = as it is, empty = never
 */
public record CredentialChange(
        @Nullable String description,
        @Nullable ClientIdPolicy clientIdPolicy,
        @Nullable String clientId,
        @Nullable Integer maxConnections,
        @Nullable List<AclRule> acl,
        @Nullable Boolean enabled,
        @Nullable Optional<Instant> expiresAt,
        @Nullable List<String> allowedNetworks) {
    /** Only switches the credential on or off. */
    public static CredentialChange enabled(boolean enabled) {
        return new CredentialChange(null, null, null, null, null, enabled, null, null);
    }

    /** Only sets which Client Identifiers it may connect with. */
    public static CredentialChange clientIds(ClientIdPolicy policy, @Nullable String clientId) {
        return new CredentialChange(null, policy, clientId, null, null, null, null, null);
    }
}
