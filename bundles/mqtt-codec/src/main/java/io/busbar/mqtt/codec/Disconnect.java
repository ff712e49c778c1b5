package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ReasonCode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * DISCONNECT: the last packet of a connection, MQTT 5.0 section 3.14. In MQTT 3 only clients send
 * it, without a reason.
 *
 * @param reasonCode {@link ReasonCode#SUCCESS} if absent
 * @param sessionExpiryIntervalSeconds the client's change of it, or -1 if absent; never sent by the
 *     server [MQTT5-3.14.2-2]
 * @param serverReference another server to use, or null; never sent by a client
 */
public record Disconnect(
        ReasonCode reasonCode,
        long sessionExpiryIntervalSeconds,
        ReasonDetails details,
        @Nullable String serverReference)
        implements Packet {

    /** The normal disconnection without anything to add. */
    public static final Disconnect NORMAL =
            new Disconnect(ReasonCode.SUCCESS, MessageProperties.ABSENT, ReasonDetails.NONE, null);

    public Disconnect {
        Objects.requireNonNull(reasonCode, "reasonCode");
        Objects.requireNonNull(details, "details");
    }

    /** A reason code with an explanation for people, or null. */
    public static Disconnect of(ReasonCode reasonCode, @Nullable String reasonString) {
        return new Disconnect(
                reasonCode, MessageProperties.ABSENT, ReasonDetails.of(reasonString), null);
    }

    @Override
    public PacketType type() {
        return PacketType.DISCONNECT;
    }
}
