package io.busbar.api.broker;

import io.busbar.api.auth.Principal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a client. While a client connects, this grows: first its address is known,
 * then the names in CONNECT, then the authenticated identity. Immutable: each step creates a new
 * instance.
 *
 * @param clientId the Client Identifier; empty if not known yet
 * @param username the user name, or null if not known
 * @param principalId the identity, e.g. a credential's id, or null if not known
 * @param address IP address and port; empty if the client is not connected
 * @param listener the name of the listener it connected to; empty if that does not matter
 */
public record Who(
        String clientId,
        @Nullable String username,
        @Nullable String principalId,
        String address,
        String listener) {

    /** Creates one for a client of which only the address and listener are known. */
    public static Who at(String address, String listener) {
        return new Who("", null, null, address, listener);
    }

    /** Creates one for a client of which only the address and listener are known. */
    public static Who at(InetSocketAddress address, String listener) {
        InetAddress ip = address.getAddress();
        if (ip == null) {
            return at(address.toString(), listener);
        }
        String host = ip.getHostAddress();
        boolean isIpv6 = host.indexOf(':') >= 0;
        return at((isIpv6 ? "[" + host + "]" : host) + ":" + address.getPort(), listener);
    }

    /** Returns the same client with the names from CONNECT. */
    public Who named(String newClientId, @Nullable String newUsername) {
        return new Who(newClientId, newUsername, principalId, address, listener);
    }

    /** Returns the same client with its identity, if that is known. */
    public Who identified(@Nullable String newPrincipalId) {
        return new Who(clientId, username, newPrincipalId, address, listener);
    }

    /** Returns the same client after it was authenticated. */
    public Who authenticated(Principal principal) {
        return named(clientId, principal.username()).identified(principal.id());
    }

    /** Returns the IP address without the port. */
    public String host() {
        int colon = address.lastIndexOf(':');
        return colon < 0 ? address : address.substring(0, colon);
    }
}
