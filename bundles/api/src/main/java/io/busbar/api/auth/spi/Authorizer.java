package io.busbar.api.auth.spi;

import io.busbar.api.auth.Principal;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Decides what a client may do. Published as a service; several are asked in the order of {@code
 * service.ranking}, and the first that answers decides. With none present nothing is allowed. Asked
 * once per connection and again when the principal changes; the answer is kept for the connection.
 * Called on an event loop: must not block.
 */
@ConsumerType
public interface Authorizer {
    /** Returns what the client may do, or empty to leave the decision to the next. */
    Optional<Permissions> permissions(Principal principal, String clientId);
}
