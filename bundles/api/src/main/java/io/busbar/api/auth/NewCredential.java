package io.busbar.api.auth;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a new credential; whatever is null is generated or takes its default.
 *
 * @param description 1 to 255 characters
 * @param clientId null = generated: {@code uns} and 12 characters of lower-case base32
 * @param username null = generated: {@code u} and 12 characters of lower-case base32
 * @param password null = generated, 28 characters, more than 160 bits; one that a person chose gets
 *     a slow hash
 * @param clientIdPolicy null = EXACT
 * @param acl null = {@link AclRule#DEFAULT}: publish and subscribe everywhere but in {@code
 *     $}-topics, and read {@code $SYS/broker/#}
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
        List<String> allowedNetworks) {
    /** A credential with everything generated. */
    public static NewCredential of(String description) {
        return new NewCredential(description, null, null, null, null, 0, null, null, List.of());
    }
}
