package io.busbar.api.broker.spi;

import io.busbar.api.mqtt.ProtocolVersion;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a message came in. One instance per connection, shared by all its messages.
 *
 * @param door which way it took
 * @param version the client's; null if the message is not a client's PUBLISH
 * @param listener the name of the listener that the client came through; empty if the message is
 *     not a client's PUBLISH
 */
public record PublishOrigin(Door door, @Nullable ProtocolVersion version, String listener) {
    /** A Will Message. */
    public static final PublishOrigin WILL = new PublishOrigin(Door.WILL, null, "");

    /** A message of the server itself, or of a person who uses REST, console or shell. */
    public static final PublishOrigin SERVER = new PublishOrigin(Door.SERVER, null, "");

    public PublishOrigin {
        Objects.requireNonNull(door, "door");
        Objects.requireNonNull(listener, "listener");
    }

    /** A way into the broker. */
    public enum Door {
        /** A client's PUBLISH. */
        CLIENT,
        /** A client's Will Message that is due. */
        WILL,
        /** {@link io.busbar.api.broker.Broker#publish}. */
        SERVER
    }
}
