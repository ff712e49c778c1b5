package io.busbar.api.auth;

import java.util.List;
import java.util.Objects;

/**
 * The identity behind a connection, as its authenticator established it. Rights travel with it, so
 * that authorising needs no second look-up; when they change, the provider hands a new principal of
 * the same id to {@code Clients.update}.
 *
 * @param id stable key, unique over all providers by convention {@code provider:key}, e.g. a
 *     credential's id
 * @param provider the authenticator's name
 * @param username the user name that was presented, or that a certificate stands for; empty if none
 * @param description what people call it, e.g. "Line 1 gateway"
 * @param acl rules of access; an empty list allows nothing
 * @param maxConnections how many connections it may have at once; 0 = no limit
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
