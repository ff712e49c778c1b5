package io.busbar.api.auth.spi;

import io.busbar.api.mqtt.ProtocolVersion;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a client presents when it connects; the input of every {@link Authenticator}.
 *
 * <p>The password array belongs to the request. The broker wipes it when the client is answered and
 * every provider that was asked has completed its stage, so providers must not use it after that.
 *
 * @param clientId the Client Identifier; the server assigned it if the client sent none
 * @param clientIdAssigned whether the server assigned the Client Identifier
 * @param username the user name, or null if the client sent none
 * @param password the password, or null if the client sent none
 * @param address the client's IP address
 * @param listener the name of the listener that the client connected to
 * @param version the client's MQTT version
 * @param certificateSubject the identity in the verified client certificate, or null if there is
 *     none. The listener's configuration says which part of the certificate is used; by default the
 *     common name
 */
public record ConnectRequest(
        String clientId,
        boolean clientIdAssigned,
        @Nullable String username,
        byte @Nullable [] password,
        InetAddress address,
        String listener,
        ProtocolVersion version,
        @Nullable String certificateSubject) {
    @Override
    public String toString() {
        return "ConnectRequest[clientId="
                + clientId
                + ", username="
                + username
                + ", address="
                + address
                + ", listener="
                + listener
                + "]";
    }
}
