package io.busbar.itests.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.BrokerStats;
import io.busbar.api.broker.Rejection;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.ReasonCode;
import io.busbar.api.mqtt.TopicFilter;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.Packet;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.codec.PubAck;
import io.busbar.mqtt.codec.Publish;
import io.busbar.mqtt.codec.SubAck;
import io.busbar.mqtt.codec.Subscribe;
import io.busbar.mqtt.codec.Will;
import io.busbar.testkit.client.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What has brought brokers down: memory stays bounded, the attacker is told or closed, it is
 * counted, and a client beside it is served. Sockets are real, and so is the time.
 */
@Timeout(60)
abstract class UnderAttack {
    static final long MEBIBYTE = 1 << 20;
    static final int NO_LIMIT = 65_535;

    /** The largest values of four bytes, and what becomes negative in an {@code int}. */
    static final long[] EXTREME = {0xFFFF_FFFFL, 0xFFFF_FFFEL, 0x8000_0000L, 0x7FFF_FFFFL};

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @RegisterExtension final BrokerExtension broker;

    private final List<Socket> sockets = new ArrayList<>();
    private MemoryWatch memory;

    UnderAttack(Map<String, Object> settings) {
        broker = new BrokerExtension(settings);
    }

    UnderAttack(Map<String, Object> settings, long memoryBytes) {
        broker = new BrokerExtension(settings, memoryBytes);
    }

    @BeforeEach
    void watchMemory() {
        served();
        memory = new MemoryWatch();
    }

    @AfterEach
    void closeSockets() throws IOException {
        memory.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    // ---- what is to be seen

    /** From here on is the attack: what went before is set up. */
    final void attackBegins() {
        memory.close();
        memory = new MemoryWatch();
    }

    /** Memory beyond that at the beginning is less than this. */
    final void assertMemoryBelow(long mebibytes) {
        long growth = memory.growth();
        assertThat(growth).as("bytes more than before").isLessThan(mebibytes * MEBIBYTE);
    }

    final BrokerStats stats() {
        return broker.running().broker().stats();
    }

    /** How often something was refused for this cause. */
    final long refusals(Rejection.Cause cause) {
        return broker.running().broker().rejections().list().stream()
                .filter(rejection -> rejection.cause() == cause)
                .mapToLong(rejection -> rejection.times().count())
                .sum();
    }

    /** A client that does nothing wrong connects, and its message comes back. */
    final void served() {
        try (RawClient client = broker.client(ProtocolVersion.MQTT_5_0)) {
            client.send(connect("bystander"));
            assertThat(client.expect(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
            client.send(subscribe("bystander/t"));
            client.expect(SubAck.class);
            client.send(publish("bystander/t", "well", Qos.AT_LEAST_ONCE, 9));
            boolean acknowledged = false;
            boolean delivered = false;
            while (!acknowledged || !delivered) {
                Packet packet = client.next(DEADLINE);
                assertThat(packet).isNotNull();
                acknowledged |= packet instanceof PubAck;
                delivered |= packet instanceof Publish;
            }
        }
    }

    // ---- who attacks

    final RawClient socket() {
        return broker.client(ProtocolVersion.MQTT_5_0);
    }

    final RawClient connected(Connect connect) {
        RawClient client = broker.client(connect.version()).send(connect);
        assertThat(client.expect(ConnAck.class).reasonCode()).isEqualTo(ReasonCode.SUCCESS);
        return client;
    }

    final RawClient connected(String clientId) {
        return connected(connect(clientId));
    }

    final RawClient subscribed(String clientId, String filter, Qos qos) {
        RawClient client = connected(clientId).send(subscribe(filter, qos));
        assertThat(client.expect(SubAck.class).reasonCodes()).noneMatch(ReasonCode::isError);
        return client;
    }

    /** Everything sent so far has been handled, and nothing came but the answer to this. */
    static void assertNothingComes(RawClient client) {
        client.send(PingReq.INSTANCE);
        client.expect(PingResp.class);
    }

    /** Opens a socket that costs this side little, and sends bytes. */
    final Socket open(byte[] bytes) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), broker.running().port());
            sockets.add(socket);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) DEADLINE.toMillis());
            socket.getOutputStream().write(bytes);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    final List<Socket> open(int count, byte[] bytes) {
        List<Socket> opened = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            opened.add(open(bytes));
        }
        return opened;
    }

    /** Reads until the server has closed it; returns what came first. */
    static byte[] readToEnd(Socket socket) {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the server did not close the connection", e);
        } catch (IOException reset) {
            return new byte[0];
        }
    }

    // ---- packets

    static Connect connect(String clientId) {
        return connect(clientId, true, 0, null);
    }

    static Connect connect(String clientId, boolean clean, long expirySeconds, Will will) {
        return connect(clientId, clean, expirySeconds, NO_LIMIT, will);
    }

    static Connect connect(
            String clientId, boolean clean, long expirySeconds, int receiveMaximum, Will will) {
        return new Connect(
                ProtocolVersion.MQTT_5_0,
                clean,
                0,
                clientId,
                will,
                null,
                null,
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

    static Connect connect311(String clientId, boolean clean) {
        return new Connect(
                ProtocolVersion.MQTT_3_1_1,
                clean,
                0,
                clientId,
                null,
                null,
                null,
                ConnectProperties.NONE);
    }

    static Subscribe subscribe(String filter) {
        return subscribe(filter, Qos.AT_MOST_ONCE);
    }

    static Subscribe subscribe(String filter, Qos qos) {
        return new Subscribe(
                1, 0, List.of(), List.of(new Subscribe.Entry(TopicFilter.of(filter), qos)));
    }

    static Publish publish(String topic, String text, Qos qos, int packetId) {
        return Publish.of(TopicName.of(topic), bytes(text), qos, false, packetId);
    }

    static Publish retain(String topic, String text, Qos qos, int packetId) {
        return Publish.of(TopicName.of(topic), bytes(text), qos, true, packetId);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(Publish publish) {
        return new String(publish.payload(), StandardCharsets.UTF_8);
    }

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    /** Texts whose {@link String#hashCode} is the same: {@code Aa} and {@code BB} in all orders. */
    static List<String> colliding(int pairs) {
        List<String> texts = new ArrayList<>(1 << pairs);
        for (int bits = 0; bits < 1 << pairs; bits++) {
            StringBuilder text = new StringBuilder(2 * pairs);
            for (int pair = 0; pair < pairs; pair++) {
                text.append((bits >> pair & 1) == 0 ? "Aa" : "BB");
            }
            texts.add(text.toString());
        }
        return texts;
    }
}
