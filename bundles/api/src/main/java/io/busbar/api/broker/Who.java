package io.busbar.api.broker;

import io.busbar.api.auth.Principal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a client. A connection has one, which grows: first the address, then what
 * CONNECT says, then the identity that was authenticated. Immutable.
 *
 * @param clientId the Client Identifier; empty as long as none is known
 * @param username the user name, or null if none is known
 * @param principalId the identity, e.g. a credential's id, or null if none is known
 * @param address IP address and port; empty if the client is not connected
 * @param listener the name of the listener it came through; empty if that does not matter
 */
public record Who(
        String clientId,
        @Nullable String username,
        @Nullable String principalId,
        String address,
        String listener) {

    /** A client of which nothing is known but where it comes from. */
    public static Who at(String address, String listener) {
        return new Who("", null, null, address, listener);
    }

    /** A client of which nothing is known but where it comes from. */
    public static Who at(InetSocketAddress address, String listener) {
        InetAddress ip = address.getAddress();
        if (ip == null) {
            return at(address.toString(), listener);
        }
        String host = ip.getHostAddress();
        boolean isIpv6 = host.indexOf(':') >= 0;
        return at((isIpv6 ? "[" + host + "]" : host) + ":" + address.getPort(), listener);
    }

    /** The same client, which says these names of itself. */
    public Who named(String newClientId, @Nullable String newUsername) {
        return new Who(newClientId, newUsername, principalId, address, listener);
    }

    /** The same client, about whose identity something is known. */
    public Who identified(@Nullable String newPrincipalId) {
        return new Who(clientId, username, newPrincipalId, address, listener);
    }

    /** The same client, which was authenticated. */
    public Who authenticated(Principal principal) {
        return named(clientId, principal.username()).identified(principal.id());
    }

    /** Its IP address without the port. */
    public String host() {
        int colon = address.lastIndexOf(':');
        return colon < 0 ? address : address.substring(0, colon);
    }
}
