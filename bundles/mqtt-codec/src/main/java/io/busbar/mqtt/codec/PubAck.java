package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.ReasonCode;
import java.util.Objects;

/**
 * PUBACK: the receiver of a QoS 1 message has taken responsibility for it, MQTT 5.0 section 3.4.
 *
 * @param packetId 1 to 65,535
 * @param reasonCode {@link ReasonCode#SUCCESS} if absent, as in MQTT 3
 */
public record PubAck(int packetId, ReasonCode reasonCode, ReasonDetails details) implements Packet {
    public PubAck {
        Objects.requireNonNull(reasonCode, "reasonCode");
        Objects.requireNonNull(details, "details");
    }

    /** With a reason code alone. */
    public PubAck(int packetId, ReasonCode reasonCode) {
        this(packetId, reasonCode, ReasonDetails.NONE);
    }

    @Override
    public PacketType type() {
        return PacketType.PUBACK;
    }
}
