package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.UserProperty;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The properties of CONNECT, MQTT 5.0 section 3.1.2.11. A number that was not sent has the value
 * that its absence means.
 *
 * @param sessionExpiryIntervalSeconds 0 (also if absent) to 4,294,967,295, which means never
 * @param receiveMaximum how many unacknowledged QoS 1 and 2 messages the client accepts: 1 to
 *     65,535 (also if absent)
 * @param maximumPacketSizeBytes the largest packet that the client accepts; {@link
 *     Packet#MAXIMUM_SIZE_BYTES} if absent
 * @param topicAliasMaximum how many topic aliases the client accepts; 0 if absent
 * @param requestResponseInformation whether the client asks for Response Information; false if
 *     absent
 * @param requestProblemInformation whether the client accepts reason strings and user properties in
 *     all packets; true if absent
 * @param authenticationMethod the Authentication Method of enhanced authentication, or null
 * @param authenticationData the first Authentication Data, or null
 */
public record ConnectProperties(
        long sessionExpiryIntervalSeconds,
        int receiveMaximum,
        int maximumPacketSizeBytes,
        int topicAliasMaximum,
        boolean requestResponseInformation,
        boolean requestProblemInformation,
        List<UserProperty> userProperties,
        @Nullable String authenticationMethod,
        byte @Nullable [] authenticationData) {

    /** The Session Expiry Interval that means never. */
    public static final long NEVER_EXPIRES = 0xFFFF_FFFFL;

    /** The largest Receive Maximum, which is also its value when it is absent. */
    public static final int RECEIVE_MAXIMUM_DEFAULT = 65_535;

    /** No property sent: what every MQTT 3 client gets. */
    public static final ConnectProperties NONE =
            new ConnectProperties(
                    0,
                    RECEIVE_MAXIMUM_DEFAULT,
                    Packet.MAXIMUM_SIZE_BYTES,
                    0,
                    false,
                    true,
                    List.of(),
                    null,
                    null);

    public ConnectProperties {
        Objects.requireNonNull(userProperties, "userProperties");
    }
}
