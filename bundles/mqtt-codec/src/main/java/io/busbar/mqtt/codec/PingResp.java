package io.busbar.mqtt.codec;

/** PINGRESP: the server's answer to PINGREQ, MQTT 5.0 section 3.13. */
public record PingResp() implements Packet {
    /** One is as good as another. */
    public static final PingResp INSTANCE = new PingResp();

    @Override
    public PacketType type() {
        return PacketType.PINGRESP;
    }
}
