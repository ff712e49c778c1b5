package io.busbar.mqtt.transport;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.DecoderLimits;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PacketDecoder;
import io.busbar.mqtt.codec.PacketEncoder;
import io.busbar.mqtt.codec.TopicNameCache;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** A client on a blocking socket: sends and receives packets, or bytes that are none. */
final class RawClient implements AutoCloseable {
    static final ProtocolVersion VERSION = ProtocolVersion.MQTT_5_0;

    private final Socket socket;
    private final ByteBuf in = Unpooled.buffer();
    private final PacketDecoder decoder =
            PacketDecoder.ofClient(VERSION, DecoderLimits.DEFAULT, new TopicNameCache(16));

    RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(5_000);
        socket.setTcpNoDelay(true);
    }

    static RawClient to(int port) throws IOException {
        return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    static Connect connect() {
        return new Connect(VERSION, true, 60, "c", null, null, null, ConnectProperties.NONE);
    }

    static byte[] bytes(Packet... packets) {
        ByteBuf out = Unpooled.buffer();
        for (Packet packet : packets) {
            PacketEncoder.of(VERSION).encode(packet, out);
        }
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    RawClient send(Packet... packets) throws IOException {
        return send(bytes(packets));
    }

    RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** The next packet, or null at the end of the connection. */
    @Nullable Packet receive() throws IOException {
        byte[] chunk = new byte[8_192];
        while (true) {
            Packet packet = decoder.decode(in);
            if (packet != null) {
                return packet;
            }
            int read = socket.getInputStream().read(chunk);
            if (read < 0) {
                return null;
            }
            in.writeBytes(chunk, 0, read);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
