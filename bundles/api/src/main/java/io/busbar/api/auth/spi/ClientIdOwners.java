package io.busbar.api.auth.spi;

import io.busbar.api.auth.ClientIdClaim;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Says whose a Client Identifier is. A provider whose identities are bound to Client Identifiers
 * publishes it as a service, beside its {@link Authenticator}. A provider that lets everybody use
 * any Client Identifier needs none: its identities have no claim.
 *
 * <p>The broker asks all of them when a client was authenticated, whichever provider did it. If
 * another identity has a more precise claim than the client, the client is refused with 0x85. If
 * the client finds a session of an identity whose claim is less precise than its own, that session
 * ends and the client gets a new one. Between equal claims, the session stays with the identity
 * that has it.
 *
 * <p>Called on event loops for every connection: must answer from memory, in a few microseconds,
 * and for the state of this moment. A call that hangs is logged and named in the server's health,
 * as one of {@link Permissions} is. If it throws, the client is refused as {@link
 * AuthResult.Cause#UNAVAILABLE}. Thread-safe.
 */
@ConsumerType
public interface ClientIdOwners {
    /**
     * Returns the most precise claim that any identity of this provider has on a Client Identifier,
     * also if that identity may not connect at the moment. {@link ClientIdClaim#NONE} if there is
     * none, or if this provider does not know its identities before they connect.
     */
    ClientIdClaim strongest(String clientId);

    /**
     * Returns the claim of one identity on a Client Identifier. {@link ClientIdClaim#NONE} if it
     * has none, may not connect at the moment, or is not of this provider.
     *
     * @param principalId the {@link io.busbar.api.auth.Principal#id} of the identity
     */
    ClientIdClaim claim(String principalId, String clientId);
}
