package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.ReasonCode;
import java.util.Objects;

/**
 * PUBREL: the sender of a QoS 2 message releases its packet identifier, MQTT 5.0 section 3.6.
 *
 * @param packetId 1 to 65,535
 * @param reasonCode {@link ReasonCode#SUCCESS} if absent, as in MQTT 3
 */
public record PubRel(int packetId, ReasonCode reasonCode, ReasonDetails details) implements Packet {
    public PubRel {
        Objects.requireNonNull(reasonCode, "reasonCode");
        Objects.requireNonNull(details, "details");
    }

    /** With a reason code alone. */
    public PubRel(int packetId, ReasonCode reasonCode) {
        this(packetId, reasonCode, ReasonDetails.NONE);
    }

    @Override
    public PacketType type() {
        return PacketType.PUBREL;
    }
}
