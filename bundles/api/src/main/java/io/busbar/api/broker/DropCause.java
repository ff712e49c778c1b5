package io.busbar.api.broker;

/** Why a message was not delivered to a client that subscribes to it. */
public enum DropCause {
    /** The session's queue has reached its limit of messages or bytes. */
    QUEUE_FULL,
    /** A QoS 0 message for a client that reads more slowly than messages arrive. */
    NOT_WRITABLE,
    /**
     * The server's memory is short, and the client or its queue holds more of it than others:
     * {@link io.busbar.api.memory.MemoryBudget}.
     */
    MEMORY_FULL,
    /** Larger than the client's Maximum Packet Size [MQTT5-3.1.2-25]. */
    TOO_LARGE,
    /** Its Message Expiry Interval passed while it waited [MQTT5-3.3.2-5]. */
    EXPIRED,
    /**
     * It still waited when the session ended by time, by an administrator, or because the owner of
     * its Client Identifier connected.
     */
    SESSION_ENDED,
    /**
     * It would have had to be stored for the client's session, but the store cannot write. Its
     * publisher is told.
     */
    NOT_STORED
}
