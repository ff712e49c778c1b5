package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.UserProperty;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The properties of CONNECT, MQTT 5.0 section 3.1.2.11. A number that was not sent has the value
 * that its absence means.
 *
 * @param sessionExpiryIntervalSeconds 0 (also: absent) to 4,294,967,295, which means never
 * @param receiveMaximum how many QoS 1 and 2 messages the client takes unacknowledged: 1 to 65,535
 *     (also: absent)
 * @param maximumPacketSizeBytes the largest packet the client takes; {@link
 *     Packet#MAXIMUM_SIZE_BYTES} if absent
 * @param topicAliasMaximum how many topic aliases the client takes; 0 if absent
 * @param requestResponseInformation whether the client asks for Response Information; false if
 *     absent
 * @param requestProblemInformation whether the client takes reason strings and user properties
 *     everywhere; true if absent
 * @param authenticationMethod name of the enhanced authentication, or null
 * @param authenticationData its first data, or null
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
