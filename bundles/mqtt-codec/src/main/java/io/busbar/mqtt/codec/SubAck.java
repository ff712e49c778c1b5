package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.ReasonCode;
import java.util.List;
import java.util.Objects;

/**
 * SUBACK: the server's answer to SUBSCRIBE, MQTT 5.0 section 3.9. For MQTT 3.1.1 every error is
 * written as 0x80.
 *
 * @param reasonCodes one for each filter of SUBSCRIBE, in its order [MQTT5-3.9.3-1]
 */
public record SubAck(int packetId, List<ReasonCode> reasonCodes, ReasonDetails details)
        implements Packet {
    public SubAck {
        reasonCodes = List.copyOf(reasonCodes);
        Objects.requireNonNull(details, "details");
    }

    /** With reason codes alone. */
    public SubAck(int packetId, List<ReasonCode> reasonCodes) {
        this(packetId, reasonCodes, ReasonDetails.NONE);
    }

    @Override
    public PacketType type() {
        return PacketType.SUBACK;
    }
}
