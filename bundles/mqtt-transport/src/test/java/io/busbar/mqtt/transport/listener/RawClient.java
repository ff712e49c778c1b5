package io.busbar.mqtt.transport.listener;

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
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A client on a blocking socket: sends and receives packets, or bytes that are none. */
final class RawClient implements AutoCloseable {
    static final ProtocolVersion VERSION = ProtocolVersion.MQTT_5_0;

    private final Closeable socket;
    private final InputStream input;
    private final OutputStream output;
    private final ByteBuf in = Unpooled.buffer();
    private final PacketDecoder decoder =
            PacketDecoder.ofClient(VERSION, DecoderLimits.DEFAULT, new TopicNameCache(16));

    RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.input = socket.getInputStream();
        this.output = socket.getOutputStream();
        socket.setSoTimeout(5_000);
        socket.setTcpNoDelay(true);
    }

    /** Over a Unix domain socket; reads wait without a deadline. */
    private RawClient(SocketChannel channel) {
        this.socket = channel;
        this.input = Channels.newInputStream(channel);
        this.output = Channels.newOutputStream(channel);
    }

    static RawClient to(int port) throws IOException {
        return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    static RawClient to(Path unixSocket) throws IOException {
        return new RawClient(SocketChannel.open(UnixDomainSocketAddress.of(unixSocket)));
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
        output.write(bytes);
        output.flush();
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
            int read = input.read(chunk);
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
