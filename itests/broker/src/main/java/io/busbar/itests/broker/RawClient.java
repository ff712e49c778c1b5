package io.busbar.itests.broker;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.mqtt.codec.DecoderLimits;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PacketDecoder;
import io.busbar.mqtt.codec.PacketEncoder;
import io.busbar.mqtt.codec.TopicNameCache;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * A client that sends what it is told, right or wrong, and waits for what it is told to expect.
 * Blocks, but never longer than its deadline. Not thread-safe.
 */
public final class RawClient implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** One for all: thousands of clients are not to cost more memory than the server. */
    private static final ThreadLocal<byte[]> CHUNK =
            ThreadLocal.withInitial(() -> new byte[64 << 10]);

    private final Socket socket;
    private final PacketEncoder encoder;
    private final PacketDecoder decoder;
    private final ByteBuf in = Unpooled.buffer();

    /** Opens a socket to a port of 127.0.0.1. */
    public RawClient(int port, ProtocolVersion version) {
        this(InetAddress.getLoopbackAddress().getHostAddress(), port, version);
    }

    /** Opens a socket to any server. */
    public RawClient(String host, int port, ProtocolVersion version) {
        encoder = PacketEncoder.of(version);
        decoder =
                PacketDecoder.ofClient(
                        version,
                        new DecoderLimits(1 << 20, 64 << 20, 10_000),
                        new TopicNameCache(64));
        try {
            socket = new Socket(host, port);
            socket.setTcpNoDelay(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends packets, all in one piece. */
    public RawClient send(Packet... packets) {
        ByteBuf out = Unpooled.buffer();
        for (Packet packet : packets) {
            encoder.encode(packet, out);
        }
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return send(bytes);
    }

    /** Sends bytes as they are. */
    public RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the next packet, which must be of this type. */
    public <T extends Packet> T expect(Class<T> type) {
        Packet packet = next(DEADLINE);
        if (!type.isInstance(packet)) {
            throw new AssertionError(
                    "expected "
                            + type.getSimpleName()
                            + ", was "
                            + (packet == null ? "nothing" : packet));
        }
        return type.cast(packet);
    }

    /** The next packet, or null if none comes in time or the server closes. */
    public Packet next(Duration deadline) {
        long until = System.nanoTime() + deadline.toNanos();
        while (true) {
            Packet packet = decoder.decode(in);
            if (packet != null) {
                in.discardReadBytes();
                return packet;
            }
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0 || !read(left)) {
                return null;
            }
        }
    }

    /** Waits until the server closes the connection; packets that come before are ignored. */
    public void expectClosed() {
        long until = System.nanoTime() + DEADLINE.toNanos();
        while (true) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("the server did not close the connection");
            }
            try {
                socket.setSoTimeout((int) left);
                if (socket.getInputStream().read(CHUNK.get()) < 0) {
                    return;
                }
            } catch (SocketTimeoutException e) {
                throw new AssertionError("the server did not close the connection", e);
            } catch (IOException e) {
                return;
            }
        }
    }

    private boolean read(long millis) {
        try {
            socket.setSoTimeout((int) millis);
            byte[] chunk = CHUNK.get();
            int n = socket.getInputStream().read(chunk);
            if (n < 0) {
                return false;
            }
            in.writeBytes(chunk, 0, n);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    /** Ends the connection without a word. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
