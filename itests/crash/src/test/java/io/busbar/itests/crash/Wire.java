package io.busbar.itests.crash;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.mqtt.codec.DecoderLimits;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PacketDecoder;
import io.busbar.mqtt.codec.PacketEncoder;
import io.busbar.mqtt.codec.TopicNameCache;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/**
 * Packets to the server and back, over one socket. One thread receives; whoever sends holds a lock
 * of its own.
 */
final class Wire implements AutoCloseable {
    private static final int MAXIMUM_BYTES = 4 << 20;

    private final Socket socket;
    private final PacketEncoder encoder;
    private final PacketDecoder decoder;
    private final ByteBuf in = Unpooled.buffer();
    private final byte[] chunk = new byte[16 << 10];

    /** Connects to a port of 127.0.0.1. */
    Wire(int port, ProtocolVersion version) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        encoder = PacketEncoder.of(version);
        decoder =
                PacketDecoder.ofClient(
                        version,
                        new DecoderLimits(MAXIMUM_BYTES, MAXIMUM_BYTES, 256),
                        new TopicNameCache(64));
    }

    void send(Packet packet) throws IOException {
        ByteBuf out = Unpooled.buffer();
        encoder.encode(packet, out);
        socket.getOutputStream().write(ByteBufUtil.getBytes(out));
    }

    /** How long {@link #receive} waits; 0 is for ever. */
    void patience(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    /**
     * Waits for the next packet.
     *
     * @throws IOException if the connection has ended
     */
    Packet receive() throws IOException {
        while (true) {
            Packet packet = decoder.decode(in);
            if (packet != null) {
                in.discardReadBytes();
                return packet;
            }
            int read = socket.getInputStream().read(chunk);
            if (read < 0) {
                throw new EOFException("closed by the server");
            }
            in.writeBytes(chunk, 0, read);
        }
    }

    /** Ends the connection without a word. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException ignored) {
            // It is closed.
        }
    }
}
