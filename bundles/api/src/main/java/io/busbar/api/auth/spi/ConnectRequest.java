package io.busbar.api.auth.spi;

import io.busbar.api.mqtt.ProtocolVersion;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a client presents in CONNECT. The password array belongs to the request and is wiped after
 * the answer: providers keep no reference.
 *
 * @param clientId the Client Identifier, assigned by the server if the client sent none
 * @param clientIdAssigned whether the server assigned it
 * @param listener the name of the listener it came through
 * @param certificateSubject what the verified client certificate says who the client is, or null:
 *     the part of it that the listener is configured to take, by default the common name
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
