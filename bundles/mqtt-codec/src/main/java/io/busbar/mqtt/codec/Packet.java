package io.busbar.mqtt.codec;

/**
 * An MQTT Control Packet as data. Immutable and independent of any buffer, so it may be kept and
 * handed to any thread. Byte arrays in it are shared and must not be modified.
 */
public sealed interface Packet
        permits Auth,
                ConnAck,
                Connect,
                Disconnect,
                PingReq,
                PingResp,
                PubAck,
                PubComp,
                PubRec,
                PubRel,
                Publish,
                SubAck,
                Subscribe,
                UnsubAck,
                Unsubscribe {

    /** The largest packet that MQTT can express, fixed header included: what "no limit" means. */
    int MAXIMUM_SIZE_BYTES = 1 + 4 + 268_435_455;

    /** Which control packet this is. */
    PacketType type();
}
