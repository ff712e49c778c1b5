package io.busbar.api.auth;

import java.util.List;
import java.util.Objects;

/**
 * The identity behind a connection, as its authenticator established it. It carries its access
 * rules, so that the authorizer needs no second look-up. When the rules change, the provider passes
 * a new principal with the same id to {@link io.busbar.api.broker.Clients#update}.
 *
 * @param id a key that never changes, e.g. a credential's id; unique across all providers, by
 *     convention {@code provider:key}
 * @param provider the authenticator's name
 * @param username the user name that the client presented or that its certificate stands for; empty
 *     if there is none
 * @param description a name for people, e.g. "Line 1 gateway"
 * @param acl the access rules; an empty list allows nothing
 * @param maxConnections how many connections it may have at the same time; 0 = no limit
 */
public record Principal(
        String id,
        String provider,
        String username,
        String description,
        List<AclRule> acl,
        int maxConnections) {
    public Principal {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(username, "username");
        Objects.requireNonNull(description, "description");
        acl = List.copyOf(acl);
        if (maxConnections < 0) {
            throw new IllegalArgumentException(
                    "maxConnections: " + maxConnections + " (expected: >= 0)");
        }
    }
}
