package io.busbar.testkit.client;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PacketEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/** Creates packets with few arguments, for short tests. */
public final class Packets {
    private Packets() {}

    /** A client of MQTT 5 that begins anew and asks for nothing. */
    public static Connect connect() {
        return connect(ProtocolVersion.MQTT_5_0, "c");
    }

    /** A client that begins anew and asks for nothing. */
    public static Connect connect(ProtocolVersion version, String clientId) {
        return new Connect(version, true, 60, clientId, null, null, null, ConnectProperties.NONE);
    }

    /** What packets of MQTT 5 are on the wire. */
    public static byte[] bytes(Packet... packets) {
        return bytes(ProtocolVersion.MQTT_5_0, packets);
    }

    /** What packets are on the wire. */
    public static byte[] bytes(ProtocolVersion version, Packet... packets) {
        PacketEncoder encoder = PacketEncoder.of(version);
        ByteBuf out = Unpooled.buffer();
        for (Packet packet : packets) {
            encoder.encode(packet, out);
        }
        return ByteBufUtil.getBytes(out);
    }
}
