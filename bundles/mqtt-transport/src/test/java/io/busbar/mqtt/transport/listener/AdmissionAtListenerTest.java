package io.busbar.mqtt.transport.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.mqtt.ReasonCode;
import io.busbar.mqtt.broker.link.ClientLink;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.transport.loops.EventLoops;
import io.busbar.mqtt.transport.tls.TestCertificates;
import io.busbar.testkit.client.Packets;
import io.busbar.testkit.client.RawClient;
import io.busbar.testkit.config.Configs;
import io.busbar.testkit.time.Await;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets in, where connections come from, and who is told what: on real sockets. */
class AdmissionAtListenerTest {
    private static final byte[] SIGNATURE = {
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A
    };

    @TempDir Path folder;

    private final FakeBroker broker = new FakeBroker();
    private final ListenerRegistry registry = new ListenerRegistry();
    private final List<Runnable> stops = new ArrayList<>();
    private @Nullable EventLoops loops;

    private Listener listener(Object... keys) {
        EventLoops group = loops;
        if (group == null) {
            group = loops(100);
        }
        List<Object> all = new ArrayList<>(List.of("port", 0));
        all.addAll(List.of(keys));
        Listener made =
                new Listener(
                        group, broker, registry, Configs.of(ListenerConfig.class, all.toArray()));
        stops.add(0, made::stop);
        assertThat(made.view().detail()).isEmpty();
        return made;
    }

    private EventLoops loops(int maxConnections) {
        EventLoops made =
                new EventLoops(
                        FakeBroker.MEMORY,
                        Configs.of(
                                EventLoops.Config.class,
                                "threads",
                                1,
                                "max_connections",
                                maxConnections));
        loops = made;
        stops.add(made::stop);
        return made;
    }

    @AfterEach
    void stop() {
        stops.forEach(Runnable::run);
        registry.stop();
    }

    private static RawClient to(Listener listener) {
        return RawClient.to(listener.view().port());
    }

    private static ReasonCode answer(RawClient client) {
        return ((ConnAck) client.send(Packets.connect()).receive()).reasonCode();
    }

    /** Whether the server closes it, in order or not. */
    private static boolean isClosed(RawClient client) {
        try {
            return client.receive() == null;
        } catch (UncheckedIOException e) {
            return true;
        }
    }

    // ---- limits ----

    @Test
    void maxConnections_isReached_moreAreTold_untilOneLeaves() throws Exception {
        Listener listener = listener("max_connections", 1);
        RawClient first = to(listener);
        assertThat(answer(first)).isEqualTo(ReasonCode.SUCCESS);

        try (RawClient second = to(listener)) {
            assertThat(answer(second)).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
            assertThat(isClosed(second)).isTrue();
        }
        assertThat(listener.view().refused()).isEqualTo(1);
        assertThat(first.send(PingReq.INSTANCE).receive()).isInstanceOf(PingResp.class);
        first.close();

        Await.until(
                () -> {
                    try (RawClient third = to(listener)) {
                        return answer(third) == ReasonCode.SUCCESS;
                    }
                });
    }

    @Test
    void maxConnections_ofAllListeners_countsThemTogether() throws Exception {
        loops(1);
        Listener one = listener();
        Listener other = listener();
        try (RawClient first = to(one);
                RawClient second = to(other)) {
            assertThat(answer(first)).isEqualTo(ReasonCode.SUCCESS);
            assertThat(answer(second)).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        }
    }

    @Test
    void maxConnectionsPerAddress_isReached_moreAreTold() throws Exception {
        Listener listener = listener("max_connections_per_address", 1);
        try (RawClient first = to(listener);
                RawClient second = to(listener)) {
            assertThat(answer(first)).isEqualTo(ReasonCode.SUCCESS);
            assertThat(answer(second)).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        }
    }

    @Test
    void maxConnectsPerSecond_isReached_moreAreTold() throws Exception {
        Listener listener = listener("max_connects_per_second", 1);
        try (RawClient first = to(listener);
                RawClient second = to(listener)) {
            assertThat(answer(first)).isEqualTo(ReasonCode.SUCCESS);
            assertThat(answer(second)).isEqualTo(ReasonCode.CONNECTION_RATE_EXCEEDED);
            assertThat(List.of(broker.event(), broker.event()))
                    .containsExactlyInAnyOrder("CONNECT", "refused CONNECT_RATE at tcp");
        }
    }

    @Test
    void refused_withTls_isClosedBeforeTheHandshake() throws Exception {
        TestCertificates files = new TestCertificates(folder);
        files.selfSigned("server", "CN=server", "ip:127.0.0.1");
        Listener listener =
                listener(
                        "transport",
                        "tls",
                        "certificate",
                        files.path("server.crt"),
                        "key",
                        files.path("server.key"),
                        "max_connections",
                        1);
        try (RawClient first =
                        RawClient.over(
                                files.client(null, "server")
                                        .getSocketFactory()
                                        .createSocket("127.0.0.1", listener.view().port()));
                RawClient second = to(listener)) {
            assertThat(answer(first)).isEqualTo(ReasonCode.SUCCESS);
            assertThat(isClosed(second)).isTrue();
            assertThat(List.of(broker.event(), broker.event()))
                    .containsExactlyInAnyOrder("CONNECT", "refused LISTENER_FULL at tls");
        }
    }

    @Test
    void refused_whoSaysNothing_isClosedInTime() throws Exception {
        broker.connectTimeoutMillis = 100;
        Listener listener = listener("max_connections", 1);
        try (RawClient first = to(listener)) {
            assertThat(answer(first)).isEqualTo(ReasonCode.SUCCESS);
            try (RawClient silent = to(listener)) {
                assertThat(isClosed(silent)).isTrue();
            }
        }
    }

    // ---- PROXY protocol ----

    private static byte[] text(String line) {
        return line.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] binary(int command, int family, byte[] rest) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(SIGNATURE);
        out.writeByte(command);
        out.writeByte(family);
        out.writeShort(rest.length);
        out.write(rest);
        return bytes.toByteArray();
    }

    /** Where the broker thinks that a client comes from which sent the header. */
    private InetSocketAddress source(Listener listener, byte[] header) throws Exception {
        byte[] connect = Packets.bytes(Packets.connect());
        byte[] all = Arrays.copyOf(header, header.length + connect.length);
        System.arraycopy(connect, 0, all, header.length, connect.length);
        try (RawClient client = to(listener)) {
            assertThat(client.send(all).receive()).isInstanceOf(ConnAck.class);
            return broker.link().remoteAddress();
        }
    }

    private static InetSocketAddress at(String host, int port) throws Exception {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    @Test
    void proxyHeader_ofBothVersions_saysWhereAClientComesFrom() throws Exception {
        Listener listener = listener("proxy_protocol", true);
        assertThat(listener.view().proxied()).isTrue();

        assertThat(source(listener, text("PROXY TCP4 192.0.2.7 198.51.100.1 5678 1883\r\n")))
                .isEqualTo(at("192.0.2.7", 5678));
        assertThat(source(listener, text("PROXY TCP6 2001:db8::7 2001:db8::1 5678 1883\r\n")))
                .isEqualTo(at("2001:db8::7", 5678));
        assertThat(source(listener, text("PROXY UNKNOWN\r\n")).getAddress().isLoopbackAddress())
                .isTrue();
        byte[] four = {(byte) 192, 0, 2, 7, (byte) 198, 51, 100, 1, 22, 46, 7, 91};
        assertThat(source(listener, binary(0x21, 0x11, four))).isEqualTo(at("192.0.2.7", 5678));
        assertThat(source(listener, binary(0x21, 0x11, Arrays.copyOf(four, 300))))
                .as("with more behind the addresses")
                .isEqualTo(at("192.0.2.7", 5678));
        byte[] six = new byte[36];
        System.arraycopy(InetAddress.getByName("2001:db8::7").getAddress(), 0, six, 0, 16);
        six[32] = 22;
        six[33] = 46;
        assertThat(source(listener, binary(0x21, 0x21, six))).isEqualTo(at("2001:db8::7", 5678));
        assertThat(
                        source(listener, binary(0x20, 0x00, new byte[0]))
                                .getAddress()
                                .isLoopbackAddress())
                .as("health checks of the proxy itself")
                .isTrue();
    }

    @Test
    void proxyHeader_byteByByte_isRead() throws Exception {
        Listener listener = listener("proxy_protocol", true);
        try (RawClient client = to(listener)) {
            for (byte each : text("PROXY TCP4 192.0.2.7 198.51.100.1 5678 1883\r\n")) {
                client.send(new byte[] {each});
            }
            assertThat(answer(client)).isEqualTo(ReasonCode.SUCCESS);
            assertThat(broker.link().remoteAddress()).isEqualTo(at("192.0.2.7", 5678));
        }
    }

    @Test
    void proxyHeader_isNone_orTooLong_closes() throws Exception {
        Listener listener = listener("proxy_protocol", true);
        byte[] four = {(byte) 192, 0, 2, 7, (byte) 198, 51, 100, 1, 22, 46, 7, 91};
        for (byte[] bad :
                List.of(
                        Packets.bytes(Packets.connect()),
                        text("PROXY TCP4 192.0.2.7 198.51.100.1 5678\r\n"),
                        text("PROXY TCP4 192.0.2.777 198.51.100.1 5678 1883\r\n"),
                        text("PROXY TCP4 localhost 198.51.100.1 5678 1883\r\n"),
                        text("PROXY TCP4 2001:db8::7 2001:db8::1 5678 1883\r\n"),
                        text("PROXY TCP4 192.0.2.7 198.51.100.1 65536 1883\r\n"),
                        text("PROXY TCP4 192.0.2.7 198.51.100.1 +678 1883\r\n"),
                        text("PROXY TCP4 192.0.2.7 198.51.100.1 5678 1883\n"),
                        text("PROXY " + "x".repeat(200)),
                        binary(0x31, 0x11, four),
                        binary(0x22, 0x11, four),
                        binary(0x21, 0x11, new byte[4]),
                        binary(0x21, 0x21, four),
                        Arrays.copyOf(binary(0x21, 0x11, new byte[60_000]), 16))) {
            try (RawClient client = to(listener)) {
                client.send(bad);
                assertThat(isClosed(client))
                        .as(new String(bad, StandardCharsets.US_ASCII))
                        .isTrue();
            }
        }
        assertThat(broker.links).isEmpty();
    }

    @Test
    void proxyHeader_doesNotCome_closesInTime() throws Exception {
        broker.connectTimeoutMillis = 100;
        Listener listener = listener("proxy_protocol", true);
        try (RawClient client = to(listener)) {
            client.send(text("PROXY TCP4"));

            assertThat(isClosed(client)).isTrue();
        }
    }

    @Test
    void proxyHeader_fromElsewhere_closes() throws Exception {
        Listener listener = listener("proxy_protocol", true, "trusted_proxies", "10.0.0.0/8");
        try (RawClient client = to(listener)) {
            assertThat(isClosed(client)).isTrue();
        }
    }

    @Test
    void proxyHeader_whereItIsNotSwitchedOn_isNoPacket() throws Exception {
        Listener listener = listener();
        try (RawClient client = to(listener)) {
            client.send(text("PROXY TCP4 192.0.2.7 198.51.100.1 5678 1883\r\n"));

            assertThat(broker.event()).startsWith("malformed");
        }
    }

    @Test
    void perAddress_behindAProxy_countsTheClients() throws Exception {
        Listener listener = listener("proxy_protocol", true, "max_connections_per_address", 1);
        try (RawClient first = to(listener);
                RawClient second = to(listener);
                RawClient same = to(listener)) {
            first.send(text("PROXY TCP4 192.0.2.7 198.51.100.1 5678 1883\r\n"));
            assertThat(answer(first)).isEqualTo(ReasonCode.SUCCESS);
            second.send(text("PROXY TCP4 192.0.2.8 198.51.100.1 5678 1883\r\n"));
            assertThat(answer(second)).isEqualTo(ReasonCode.SUCCESS);
            same.send(text("PROXY TCP4 192.0.2.7 198.51.100.1 5679 1883\r\n"));
            assertThat(answer(same)).isEqualTo(ReasonCode.QUOTA_EXCEEDED);
        }
    }

    @Test
    void proxyHeader_beforeTls_saysWhereAClientComesFrom() throws Exception {
        TestCertificates files = new TestCertificates(folder);
        files.selfSigned("server", "CN=server", "ip:127.0.0.1");
        Listener listener =
                listener(
                        "transport",
                        "tls",
                        "certificate",
                        files.path("server.crt"),
                        "key",
                        files.path("server.key"),
                        "proxy_protocol",
                        true);
        java.net.Socket plain =
                new java.net.Socket(InetAddress.getLoopbackAddress(), listener.view().port());
        plain.getOutputStream().write(text("PROXY TCP4 192.0.2.7 198.51.100.1 5678 8883\r\n"));
        try (RawClient client =
                RawClient.over(
                        files.client(null, "server")
                                .getSocketFactory()
                                .createSocket(plain, "127.0.0.1", 0, true))) {
            assertThat(answer(client)).isEqualTo(ReasonCode.SUCCESS);
            assertThat(broker.link().remoteAddress()).isEqualTo(at("192.0.2.7", 5678));
        }
    }

    // ---- WebSocket: who it comes from, and which page ----

    private static WebSocket webSocket(Listener listener, String header, String value) {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("mqtt")
                .header(header, value)
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + listener.view().port() + "/mqtt"),
                        new WebSocket.Listener() {})
                .join();
    }

    private String forwarded(Listener listener, String value) throws Exception {
        WebSocket socket = webSocket(listener, "X-Forwarded-For", value);
        ClientLink link = broker.link();
        socket.abort();
        return link.remoteAddress().getAddress().getHostAddress();
    }

    @Test
    void forwardedFor_ofATrustedProxy_saysWhereAClientComesFrom() throws Exception {
        Listener listener =
                listener(
                        "transport",
                        "ws",
                        "forwarded_for",
                        true,
                        "trusted_proxies",
                        "127.0.0.1, 10.0.0.0/8");

        assertThat(forwarded(listener, "192.0.2.7")).isEqualTo("192.0.2.7");
        assertThat(forwarded(listener, "1.1.1.1, 192.0.2.7:99, 10.1.2.3"))
                .as("the last that no proxy of ours has; what is before it anybody may write")
                .isEqualTo("192.0.2.7");
        assertThat(forwarded(listener, "[2001:db8::7]:443")).isEqualTo("2001:db8:0:0:0:0:0:7");
        assertThat(forwarded(listener, "nonsense")).isEqualTo("127.0.0.1");
    }

    @Test
    void forwardedFor_notSwitchedOn_orOfAnybody_isIgnored() throws Exception {
        assertThat(forwarded(listener("transport", "ws"), "192.0.2.7")).isEqualTo("127.0.0.1");
        assertThat(
                        forwarded(
                                listener(
                                        "transport",
                                        "ws",
                                        "forwarded_for",
                                        true,
                                        "trusted_proxies",
                                        "10.0.0.0/8"),
                                "192.0.2.7"))
                .isEqualTo("127.0.0.1");
    }

    private static int status(Listener listener, String origin) {
        try {
            webSocket(listener, "Origin", origin).abort();
            return 101;
        } catch (CompletionException e) {
            return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        }
    }

    @Test
    void origin_ofAnotherHost_is403_unlessItIsNamed() throws Exception {
        Listener closed = listener("transport", "ws");
        Listener open = listener("transport", "ws", "allowed_origins", "*");
        Listener named =
                listener(
                        "transport",
                        "ws",
                        "allowed_origins",
                        "https://hmi.example, http://localhost:3000");

        assertThat(status(closed, "http://127.0.0.1:8080")).isEqualTo(101);
        assertThat(status(closed, "https://evil.example")).isEqualTo(403);
        assertThat(status(closed, "null")).isEqualTo(403);
        assertThat(status(open, "https://evil.example")).isEqualTo(101);
        assertThat(status(named, "https://HMI.example")).isEqualTo(101);
        assertThat(status(named, "http://localhost:3000")).isEqualTo(101);
        assertThat(status(named, "https://hmi.example.evil.example")).isEqualTo(403);
    }
}
