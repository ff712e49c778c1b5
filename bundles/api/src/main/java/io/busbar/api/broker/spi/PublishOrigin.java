package io.busbar.api.broker.spi;

import io.busbar.api.mqtt.ProtocolVersion;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a message came into the broker. Each connection has one instance, which all its messages
 * share.
 *
 * @param door the way it came in
 * @param version the client's MQTT version; null unless the message is a client's PUBLISH
 * @param listener the name of the listener that the client connected to; empty unless the message
 *     is a client's PUBLISH
 */
public record PublishOrigin(Door door, @Nullable ProtocolVersion version, String listener) {
    /** The origin of every Will Message. */
    public static final PublishOrigin WILL = new PublishOrigin(Door.WILL, null, "");

    /**
     * The origin of messages from the server itself, or from a person who uses the REST API, the
     * console or the shell.
     */
    public static final PublishOrigin SERVER = new PublishOrigin(Door.SERVER, null, "");

    public PublishOrigin {
        Objects.requireNonNull(door, "door");
        Objects.requireNonNull(listener, "listener");
    }

    /** A way into the broker. */
    public enum Door {
        /** A client's PUBLISH. */
        CLIENT,
        /** A client's Will Message that has become due. */
        WILL,
        /** A call of {@link io.busbar.api.broker.Broker#publish}. */
        SERVER
    }
}
