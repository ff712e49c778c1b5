package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.ReasonCode;
import java.util.Objects;

/**
 * CONNACK: the server's answer to CONNECT, MQTT 5.0 section 3.2. For MQTT 3, the reason code is
 * written as the closest return code; see {@link PacketEncoder#connectReturnCode}.
 *
 * @param sessionPresent may be true only with {@link ReasonCode#SUCCESS} [MQTT5-3.2.2-6]
 */
public record ConnAck(boolean sessionPresent, ReasonCode reasonCode, ConnAckProperties properties)
        implements Packet {

    public ConnAck {
        Objects.requireNonNull(reasonCode, "reasonCode");
        Objects.requireNonNull(properties, "properties");
        if (sessionPresent && reasonCode != ReasonCode.SUCCESS) {
            throw new IllegalArgumentException(
                    "sessionPresent: true (expected: false with " + reasonCode + ")");
        }
    }

    @Override
    public PacketType type() {
        return PacketType.CONNACK;
    }
}
