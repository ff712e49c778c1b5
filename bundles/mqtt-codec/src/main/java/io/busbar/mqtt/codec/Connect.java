package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.ProtocolVersion;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * CONNECT: the client asks for a connection, MQTT 5.0 section 3.1.
 *
 * @param cleanStart Clean Start of 5.0, Clean Session of 3.1.1 and 3.1
 * @param keepAliveSeconds 0 to 65,535; 0 switches keep alive off
 * @param clientId may be empty: the server then assigns one
 * @param will the Will Message, or null
 * @param username the User Name, or null
 * @param password the Password, or null; never to be logged
 */
public record Connect(
        ProtocolVersion version,
        boolean cleanStart,
        int keepAliveSeconds,
        String clientId,
        @Nullable Will will,
        @Nullable String username,
        byte @Nullable [] password,
        ConnectProperties properties)
        implements Packet {

    public Connect {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(clientId, "clientId");
        Objects.requireNonNull(properties, "properties");
    }

    @Override
    public PacketType type() {
        return PacketType.CONNECT;
    }

    /** Without password and payload: fit for a log. */
    @Override
    public String toString() {
        return "Connect[version="
                + version.text()
                + ", clientId="
                + clientId
                + ", cleanStart="
                + cleanStart
                + ", keepAliveSeconds="
                + keepAliveSeconds
                + ", will="
                + (will != null)
                + ", username="
                + username
                + "]";
    }
}
