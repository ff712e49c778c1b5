package io.busbar.api.broker;

/** Why a message was not delivered to a client that subscribes to it. */
public enum DropCause {
    /** As many messages, or bytes, wait for the session as may. */
    QUEUE_FULL,
    /** QoS 0, and the client takes data slower than it comes. */
    NOT_WRITABLE,
    /** Larger than the client's Maximum Packet Size [MQTT5-3.1.2-25]. */
    TOO_LARGE,
    /** Its Message Expiry Interval passed while it waited [MQTT5-3.3.2-5]. */
    EXPIRED
}
