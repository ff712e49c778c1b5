package io.busbar.itests.soak;

import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.DecoderLimits;
import io.busbar.mqtt.codec.Disconnect;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PacketDecoder;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.TopicNameCache;
import io.busbar.testkit.client.Packets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * An MQTT 5 connection over a blocking socket that counts what it is told. One thread may write
 * while another reads.
 */
final class Connection implements AutoCloseable {
    private static final Set<Connection> OPEN = ConcurrentHashMap.newKeySet();
    private static final int CHUNK = 64 << 10;
    private static final ThreadLocal<byte[]> BUFFER =
            ThreadLocal.withInitial(() -> new byte[CHUNK]);

    private final Socket socket;
    private final Tally tally;
    private final PacketDecoder decoder =
            PacketDecoder.ofClient(
                    ProtocolVersion.MQTT_5_0,
                    new DecoderLimits(8 << 20, 64 << 20, 10_000),
                    new TopicNameCache(64));
    private final ByteBuf in = Unpooled.buffer();

    /** When the write began that has not ended, or 0. */
    private volatile long writingSince;

    private volatile boolean held;
    private String answer = "";

    private Connection(Socket socket, Tally tally) {
        this.socket = socket;
        this.tally = tally;
    }

    /**
     * Opens a socket.
     *
     * @param from the address of this machine that the server is to see
     * @param receiveBuffer bytes, or 0 for what the system thinks best
     */
    static Connection open(String from, int port, int receiveBuffer, Tally tally)
            throws IOException {
        Socket socket = socket(from, port, receiveBuffer);
        Connection connection = new Connection(socket, tally);
        OPEN.add(connection);
        return connection;
    }

    static Socket socket(String from, int port, int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
            socket.connect(new InetSocketAddress("127.0.0.1", port), 30_000);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    static Connect connect(Account account, boolean clean, long expirySeconds) {
        return connect(account, clean, expirySeconds, ConnectProperties.RECEIVE_MAXIMUM_DEFAULT);
    }

    static Connect connect(Account account, boolean clean, long expirySeconds, int receiveMaximum) {
        return new Connect(
                ProtocolVersion.MQTT_5_0,
                clean,
                0,
                account.clientId(),
                null,
                account.username(),
                account.password().getBytes(StandardCharsets.UTF_8),
                new ConnectProperties(
                        expirySeconds,
                        receiveMaximum,
                        Packet.MAXIMUM_SIZE_BYTES,
                        0,
                        false,
                        true,
                        List.of(),
                        null,
                        null));
    }

    /** Sends CONNECT and waits for CONNACK; false if the server refuses. */
    boolean accepted(Connect connect) throws IOException {
        send(connect);
        Packet packet = next(30_000);
        answer =
                packet instanceof ConnAck ack
                        ? ack.reasonCode() + ", " + ack.properties().details()
                        : String.valueOf(packet);
        return packet instanceof ConnAck known && !known.reasonCode().isError();
    }

    /** What the server answered to CONNECT, for people. */
    String answer() {
        return answer;
    }

    void send(Packet... packets) throws IOException {
        send(Packets.bytes(packets));
    }

    void send(byte[] bytes) throws IOException {
        writingSince = System.nanoTime();
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            readLastWords();
            throw e;
        } finally {
            writingSince = 0;
        }
    }

    /** After a write failed: what the server said before it closed. */
    private void readLastWords() {
        try {
            while (next(10) != null) {
                // Counted.
            }
        } catch (IOException ignored) {
            // Nothing more.
        }
    }

    /** The next packet, or null if none comes in time. */
    Packet next(int millis) throws IOException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (true) {
            Packet packet = decoder.decode(in);
            if (packet != null) {
                in.discardReadBytes();
                count(packet);
                return packet;
            }
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (left <= 0) {
                return null;
            }
            socket.setSoTimeout((int) left);
            byte[] buffer = BUFFER.get();
            try {
                int read = socket.getInputStream().read(buffer);
                if (read < 0) {
                    throw new EOFException("closed by the server");
                }
                in.writeBytes(buffer, 0, read);
            } catch (SocketTimeoutException none) {
                return null;
            }
        }
    }

    /** Takes what has come, up to this many milliseconds. */
    void drain(int millis) throws IOException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        int left = Math.max(1, millis);
        while (left > 0 && next(left) != null) {
            left = (int) TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        }
    }

    private void count(Packet packet) {
        if (packet instanceof ConnAck answer) {
            tally.count("CONNACK " + code(answer.reasonCode().code()));
        } else if (packet instanceof PubAck answer) {
            tally.count("PUBACK " + code(answer.reasonCode().code()));
        } else if (packet instanceof SubAck answer) {
            answer.reasonCodes().forEach(code -> tally.count("SUBACK " + code(code.code())));
        } else if (packet instanceof Disconnect end) {
            tally.count("DISCONNECT " + code(end.reasonCode().code()));
        } else {
            tally.count(packet.type().name());
        }
    }

    private static String code(int code) {
        return String.format(Locale.ROOT, "0x%02X", code);
    }

    /** Whether it was given up because the server took nothing for a long time. */
    boolean wasHeld() {
        return held;
    }

    /** Closes those whose writes the server has not taken for this time: it holds them back. */
    static void closeHeld(long nanos) {
        long now = System.nanoTime();
        for (Connection connection : OPEN) {
            long since = connection.writingSince;
            if (since != 0 && now - since > nanos && !connection.held) {
                connection.held = true;
                connection.tally.count("held: nothing read from it");
                connection.close();
            }
        }
    }

    @Override
    public void close() {
        OPEN.remove(this);
        try {
            socket.close();
        } catch (IOException ignored) {
            // It is closed.
        }
    }
}
