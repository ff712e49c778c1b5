package io.busbar.api.auth.spi;

import io.busbar.api.auth.Principal;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Decides what a client may do. Published as a service. Several authorizers are asked in the order
 * of {@code service.ranking}, highest first; the first one that returns a result decides. If there
 * is none, nothing is allowed.
 *
 * <p>The broker asks once per connection, and again when the client's principal changes, and keeps
 * the answer. Called on an event loop, so it must not block.
 */
@ConsumerType
public interface Authorizer {
    /**
     * Returns what the client may do, or empty to leave the decision to the next authorizer.
     *
     * @param principal the authenticated identity
     * @param clientId the Client Identifier of the connection
     */
    Optional<Permissions> permissions(Principal principal, String clientId);
}
