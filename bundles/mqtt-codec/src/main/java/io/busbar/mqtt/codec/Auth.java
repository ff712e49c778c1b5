package io.busbar.mqtt.codec;

import io.busbar.api.mqtt.ReasonCode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * AUTH: enhanced authentication and re-authentication, MQTT 5.0 section 3.15.
 *
 * @param authenticationMethod null only in a packet without properties, which means success
 * @param authenticationData data of the method, or null
 */
public record Auth(
        ReasonCode reasonCode,
        @Nullable String authenticationMethod,
        byte @Nullable [] authenticationData,
        ReasonDetails details)
        implements Packet {
    public Auth {
        Objects.requireNonNull(reasonCode, "reasonCode");
        Objects.requireNonNull(details, "details");
    }

    @Override
    public PacketType type() {
        return PacketType.AUTH;
    }

    /** Without the data: fit for a log. */
    @Override
    public String toString() {
        return "Auth[reasonCode="
                + reasonCode
                + ", authenticationMethod="
                + authenticationMethod
                + "]";
    }
}
