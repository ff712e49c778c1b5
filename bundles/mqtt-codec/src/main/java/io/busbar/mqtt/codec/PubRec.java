package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.ReasonCode;
import java.util.Objects;

/**
 * PUBREC: the receiver of a QoS 2 message has taken responsibility for it, MQTT 5.0 section 3.5.
 *
 * @param packetId 1 to 65,535
 * @param reasonCode {@link ReasonCode#SUCCESS} if absent, as in MQTT 3
 */
public record PubRec(int packetId, ReasonCode reasonCode, ReasonDetails details) implements Packet {
    public PubRec {
        Objects.requireNonNull(reasonCode, "reasonCode");
        Objects.requireNonNull(details, "details");
    }

    /** With a reason code alone. */
    public PubRec(int packetId, ReasonCode reasonCode) {
        this(packetId, reasonCode, ReasonDetails.NONE);
    }

    @Override
    public PacketType type() {
        return PacketType.PUBREC;
    }
}
