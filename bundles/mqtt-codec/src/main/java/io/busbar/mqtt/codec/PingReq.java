package io.busbar.mqtt.codec;

/** PINGREQ: the client shows that it is alive, MQTT 5.0 section 3.12. */
public record PingReq() implements Packet {
    /** One is as good as another. */
    public static final PingReq INSTANCE = new PingReq();

    @Override
    public PacketType type() {
        return PacketType.PINGREQ;
    }
}
