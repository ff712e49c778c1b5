package io.busbar.auth.credentials;

import io.busbar.api.auth.Credential;
import io.busbar.api.auth.Network;
import io.busbar.api.auth.Principal;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A credential with all that is needed to judge a CONNECT. Its {@link Credential#lastSeenAt} is
 * empty: that is kept apart, so that connecting changes no revision.
 */
record Entry(Credential credential, Keys keys, List<Network> networks, Principal principal) {
    /** The name of the authenticator that judges by credentials. */
    static final String PROVIDER = "credentials";

    static Entry of(Credential credential, Keys keys) {
        return new Entry(
                credential,
                keys,
                credential.allowedNetworks().stream().map(Network::of).toList(),
                new Principal(
                        credential.id(),
                        PROVIDER,
                        credential.username(),
                        credential.description(),
                        credential.acl(),
                        credential.maxConnections()));
    }

    String id() {
        return credential.id();
    }

    Verifier verifier() {
        return keys.verifier();
    }

    @Nullable ScramKeys scram() {
        return keys.scram();
    }

    boolean isExpired(Instant now) {
        Instant expiresAt = credential.expiresAt();
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    boolean allows(InetAddress address) {
        return networks.isEmpty()
                || networks.stream().anyMatch(network -> network.contains(address));
    }
}
