package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.ReasonCode;
import java.util.List;
import java.util.Objects;

/**
 * UNSUBACK: the server's answer to UNSUBSCRIBE, MQTT 5.0 section 3.11.
 *
 * @param reasonCodes one for each filter of UNSUBSCRIBE, in its order [MQTT5-3.11.3-1]; MQTT 3
 *     sends none
 */
public record UnsubAck(int packetId, List<ReasonCode> reasonCodes, ReasonDetails details)
        implements Packet {
    public UnsubAck {
        reasonCodes = List.copyOf(reasonCodes);
        Objects.requireNonNull(details, "details");
    }

    /** With reason codes alone. */
    public UnsubAck(int packetId, List<ReasonCode> reasonCodes) {
        this(packetId, reasonCodes, ReasonDetails.NONE);
    }

    @Override
    public PacketType type() {
        return PacketType.UNSUBACK;
    }
}
