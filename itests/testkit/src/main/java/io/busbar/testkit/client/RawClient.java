package io.busbar.testkit.client;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.mqtt.codec.DecoderLimits;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PacketDecoder;
import io.busbar.mqtt.codec.TopicNameCache;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An MQTT client that sends any packets or bytes, whether valid or not, and waits for the expected
 * answers. Calls block for at most 5 seconds. Not thread-safe.
 */
public final class RawClient implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** One for all: thousands of clients are not to cost more memory than the server. */
    private static final ThreadLocal<byte[]> CHUNK =
            ThreadLocal.withInitial(() -> new byte[64 << 10]);

    private final Wire wire;
    private final ProtocolVersion version;
    private final PacketDecoder decoder;
    private final ByteBuf in = Unpooled.buffer();

    private RawClient(Wire wire, ProtocolVersion version) {
        this.wire = wire;
        this.version = version;
        decoder =
                PacketDecoder.ofClient(
                        version,
                        new DecoderLimits(1 << 20, 64 << 20, 10_000),
                        new TopicNameCache(64));
    }

    /** Connects to a port of 127.0.0.1, to speak MQTT 5. */
    public static RawClient to(int port) {
        return to(port, ProtocolVersion.MQTT_5_0);
    }

    /** Connects to a port of 127.0.0.1. */
    public static RawClient to(int port, ProtocolVersion version) {
        return to(InetAddress.getLoopbackAddress().getHostAddress(), port, version);
    }

    /** Connects to any server. */
    public static RawClient to(String host, int port, ProtocolVersion version) {
        try {
            return over(new Socket(host, port), version);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects to a Unix domain socket, to speak MQTT 5. */
    public static RawClient to(Path unixSocket) {
        try {
            return new RawClient(new UnixWire(unixSocket), ProtocolVersion.MQTT_5_0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Speaks MQTT 5 over a socket that is connected, and closes it. */
    public static RawClient over(Socket connected) {
        return over(connected, ProtocolVersion.MQTT_5_0);
    }

    private static RawClient over(Socket connected, ProtocolVersion version) {
        try {
            return new RawClient(new SocketWire(connected), version);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends packets, all in one piece. */
    public RawClient send(Packet... packets) {
        return send(Packets.bytes(version, packets));
    }

    /** Sends bytes as they are. */
    public RawClient send(byte[] bytes) {
        try {
            wire.write(bytes);
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
    public @Nullable Packet next(Duration deadline) {
        try {
            return receive(deadline);
        } catch (IOException e) {
            return null;
        }
    }

    /** Waits for the next packet; null if the server closes its side. */
    public @Nullable Packet receive() {
        try {
            return receive(DEADLINE);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("nothing came in time", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable Packet receive(Duration deadline) throws IOException {
        long until = System.nanoTime() + deadline.toNanos();
        while (true) {
            Packet packet = decoder.decode(in);
            if (packet != null) {
                in.discardReadBytes();
                return packet;
            }
            byte[] chunk = CHUNK.get();
            int read = wire.read(chunk, until);
            if (read < 0) {
                return null;
            }
            in.writeBytes(chunk, 0, read);
        }
    }

    /** Waits until the server closes the connection; packets that come before are ignored. */
    public void expectClosed() {
        long until = System.nanoTime() + DEADLINE.toNanos();
        try {
            while (wire.read(CHUNK.get(), until) >= 0) {
                // Ignored.
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the server did not close the connection", e);
        } catch (IOException reset) {
            // That is an end as well.
        }
    }

    /** Ends the connection without a word. */
    @Override
    public void close() {
        try {
            wire.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
