package io.busbar.auth.credentials;

import io.busbar.api.auth.Credential;
import io.busbar.api.auth.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A credential with all that is needed to judge a CONNECT. Its {@link Credential#lastSeenAt} is
 * empty: that is kept apart, so that connecting changes no revision.
 *
 * @param scram null for a password that a person chose: these keys would be easier to guess than
 *     its slow hash
 */
record Entry(
        Credential credential,
        Verifier verifier,
        @Nullable ScramKeys scram,
        List<Network> networks,
        Principal principal) {
    static Entry of(Credential credential, Verifier verifier, @Nullable ScramKeys scram) {
        return new Entry(
                credential,
                verifier,
                scram,
                credential.allowedNetworks().stream().map(Network::of).toList(),
                new Principal(
                        credential.id(),
                        CredentialProvider.NAME,
                        credential.username(),
                        credential.description(),
                        credential.acl(),
                        credential.maxConnections()));
    }

    String id() {
        return credential.id();
    }

    boolean isExpired(java.time.Instant now) {
        java.time.Instant expiresAt = credential.expiresAt();
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    boolean allows(java.net.InetAddress address) {
        return networks.isEmpty()
                || networks.stream().anyMatch(network -> network.contains(address));
    }
}
