package io.busbar.mqtt.codec;

/** The MQTT Control Packet types, MQTT 5.0 section 2.1.2. The ordinal is the value on the wire. */
public enum PacketType {
    /** 0 is forbidden in every version. */
    RESERVED,
    CONNECT,
    CONNACK,
    PUBLISH,
    PUBACK,
    PUBREC,
    PUBREL,
    PUBCOMP,
    SUBSCRIBE,
    SUBACK,
    UNSUBSCRIBE,
    UNSUBACK,
    PINGREQ,
    PINGRESP,
    DISCONNECT,
    /** MQTT 5.0 only. */
    AUTH;

    private static final PacketType[] VALUES = values();

    /** The four bits on the wire: 0 to 15. */
    public int value() {
        return ordinal();
    }

    /** The type of four bits on the wire. */
    static PacketType of(int value) {
        return VALUES[value];
    }
}
