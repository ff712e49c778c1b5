package io.busbar.mqtt.transport.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.Message;
import io.busbar.api.mqtt.MessageProperties;
import io.busbar.api.mqtt.ProtocolVersion;
import io.busbar.api.mqtt.Publisher;
import io.busbar.api.mqtt.Qos;
import io.busbar.api.mqtt.TopicName;
import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.codec.Connect;
import io.busbar.mqtt.codec.ConnectProperties;
import io.busbar.mqtt.codec.PublishImage;
import io.busbar.mqtt.transport.loops.EventLoops;
import io.busbar.mqtt.transport.tls.TestCertificates;
import io.busbar.testkit.client.Packets;
import io.busbar.testkit.config.Configs;
import io.busbar.testkit.time.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What clients do wrong, and how they break off, is nothing that an operator has to act on: neither
 * we nor Netty may log it above DEBUG, or whoever can reach a port could fill the log.
 */
@Timeout(30)
class ClientFaultsInLogTest {
    @TempDir private static Path folder;

    private static TestCertificates files;

    private final FakeBroker broker = new FakeBroker();
    private final EventLoops loops =
            new EventLoops(FakeBroker.MEMORY, Configs.of(EventLoops.Config.class, "threads", 1));
    private final ListenerRegistry registry = new ListenerRegistry();
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final List<Listener> listeners = new ArrayList<>();

    @BeforeAll
    static void certificates() throws Exception {
        files = new TestCertificates(folder);
        files.selfSigned("one", "CN=one", "dns:localhost");
        files.selfSigned("two", "CN=two", "dns:localhost");
    }

    /** Where the tests' logger writes INFO and above. */
    @BeforeEach
    void capture() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        System.setErr(before);
        listeners.forEach(Listener::stop);
        loops.stop();
        registry.stop();
    }

    private Listener listener(String transport, Object... keys) {
        List<Object> all =
                new ArrayList<>(
                        List.of(
                                "port",
                                0,
                                "transport",
                                transport,
                                "certificate",
                                files.path("one.crt"),
                                "key",
                                files.path("one.key")));
        all.addAll(Arrays.asList(keys));
        Listener listener =
                new Listener(
                        loops, broker, registry, Configs.of(ListenerConfig.class, all.toArray()));
        listeners.add(listener);
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("listens on");
        log.reset();
        return listener;
    }

    private static Socket socket(Listener to) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), to.view().port());
        socket.setSoTimeout(5_000);
        return socket;
    }

    /** Closes with a reset. */
    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static void readToEnd(Socket socket) {
        try (socket) {
            socket.getInputStream().readAllBytes();
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the server did not close the connection", e);
        } catch (IOException reset) {
            // That is an end as well.
        }
    }

    /** To be asked when the listener has accepted all sockets of the test. */
    private void assertNothingIsLogged(Listener listener) {
        Await.until(() -> listener.view().connections() == 0);
        assertThat(log.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String upgrade(String more) {
        return "GET /mqtt HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Protocol: mqtt\r\n"
                + more
                + "\r\n";
    }

    private static Stream<byte[]> bytes() {
        return Stream.of(
                ascii("\r\n\u0007 ERROR forged line\r\n"),
                ascii("GET / HTTP/1.1\r\n\r\n"),
                ascii(
                        "POST /mqtt HTTP/1.1\r\n"
                                + "Expect: 100-continue\r\n"
                                + "Content-Length: 99999\r\n\r\n"),
                ascii("POST /mqtt HTTP/1.1\r\nContent-Length: 4000\r\n\r\n" + "x".repeat(4_000)),
                ascii("GET /mqtt HTTP/1.1\r\nX: " + "x".repeat(30_000) + "\r\n\r\n"),
                ascii("GET /" + "x".repeat(9_000)),
                ascii(upgrade("") + upgrade("")),
                ascii(upgrade("Transfer-Encoding: chunked\r\n") + "zz\r\n"),
                HexFormat.of().parseHex("16030100050100000100"),
                HexFormat.of().parseHex("1603010200010001fc0303"),
                HexFormat.of().parseHex("15030300020228"),
                ascii("PROXY TCP4 nobody\r\n"),
                HexFormat.of().parseHex("f0ffffffff7f"),
                Packets.bytes(Packets.connect(), Packets.connect()),
                Packets.bytes(
                        new Connect(
                                ProtocolVersion.MQTT_5_0,
                                true,
                                60,
                                "a\r\n2026 ERROR forged line \u001b[2J",
                                null,
                                null,
                                null,
                                ConnectProperties.NONE)));
    }

    @ParameterizedTest
    @MethodSource("bytes")
    void bytes_ofAnyKind_atAnyListener(byte[] bytes) throws Exception {
        broker.connectTimeoutMillis = 200;
        for (String transport : List.of("tcp", "tls", "ws", "wss")) {
            for (boolean proxied : List.of(false, true)) {
                Listener listener = listener(transport, "proxy_protocol", proxied);

                Socket resets = socket(listener);
                resets.getOutputStream().write(bytes);
                reset(resets);
                reset(socket(listener));
                // Sockets are accepted in order: when this one is closed, the others were seen.
                Socket reads = socket(listener);
                reads.getOutputStream().write(bytes);
                reads.shutdownOutput();
                readToEnd(reads);

                assertNothingIsLogged(listener);
                listener.stop();
                listeners.remove(listener);
                log.reset();
            }
        }
    }

    @Test
    void proxyHeader_fromElsewhere() throws Exception {
        Listener listener = listener("tcp", "proxy_protocol", true, "trusted_proxies", "192.0.2.1");

        readToEnd(socket(listener));

        assertNothingIsLogged(listener);
    }

    @Test
    void connect_doesNotCome() throws Exception {
        broker.connectTimeoutMillis = 100;
        Listener listener = listener("tcp");

        readToEnd(socket(listener));

        assertNothingIsLogged(listener);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls", "wss"})
    void tls_theClientDoesNotTrustUs_orBreaksOff(String transport) throws Exception {
        Listener listener = listener(transport);

        try (SSLSocket distrusts =
                (SSLSocket)
                        files.client(null, "two")
                                .getSocketFactory()
                                .createSocket("127.0.0.1", listener.view().port())) {
            org.assertj.core.api.Assertions.assertThatThrownBy(distrusts::startHandshake)
                    .isInstanceOf(SSLException.class);
        }
        Socket plain = socket(listener);
        SSLSocket breaksOff =
                (SSLSocket)
                        files.client(null, "one")
                                .getSocketFactory()
                                .createSocket(plain, "localhost", plain.getPort(), false);
        breaksOff.startHandshake();
        reset(plain);

        assertNothingIsLogged(listener);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "tls"})
    void client_isSentMuch_andResets(String transport) throws Exception {
        Listener listener = listener(transport);
        Socket plain = socket(listener);
        Socket socket =
                transport.equals("tcp")
                        ? plain
                        : files.client(null, "one")
                                .getSocketFactory()
                                .createSocket(plain, "localhost", plain.getPort(), false);
        socket.getOutputStream().write(Packets.bytes(Packets.connect()));
        ClientLink link = broker.link();
        Message message =
                new Message(
                        TopicName.of("t"),
                        new byte[100_000],
                        Qos.AT_MOST_ONCE,
                        false,
                        MessageProperties.NONE,
                        Publisher.SERVER,
                        0);
        PublishImage image =
                PublishImage.of(ProtocolVersion.MQTT_5_0, message, Qos.AT_MOST_ONCE, false);
        link.loop()
                .execute(
                        () -> {
                            for (int i = 0; i < 200; i++) {
                                link.send(image, 0, false);
                            }
                        });
        Await.until(() -> broker.bytesOut.get() > 200 * 100_000);

        reset(plain);

        assertNothingIsLogged(listener);
    }
}
