package io.busbar.mqtt.transport.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.Transport;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.transport.loops.EventLoops;
import io.busbar.testkit.client.Packets;
import io.busbar.testkit.config.Configs;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MQTT over WebSocket, spoken by the JDK's client. */
class WebSocketTest {
    private static final String CONNACK = "2003000000";
    private static final String PINGRESP = "d000";

    private final FakeBroker broker = new FakeBroker();
    private final EventLoops loops =
            new EventLoops(FakeBroker.MEMORY, Configs.of(EventLoops.Config.class, "threads", 1));
    private final Listener listener =
            new Listener(
                    loops,
                    broker,
                    new ListenerRegistry(),
                    Configs.of(ListenerConfig.class, "port", 0, "transport", "ws", "name", "web"));
    private final Answers answers = new Answers();

    /** What came, as text. */
    private static final class Answers implements WebSocket.Listener {
        final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        private final ByteArrayOutputStream frame = new ByteArrayOutputStream();

        @Override
        public @Nullable CompletionStage<?> onBinary(
                WebSocket socket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            frame.writeBytes(bytes);
            if (last) {
                received.add(HexFormat.of().formatHex(frame.toByteArray()));
                frame.reset();
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
            received.add("pong");
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            received.add("close " + code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            received.add("error");
        }

        String next() throws InterruptedException {
            String next = received.poll(5, TimeUnit.SECONDS);
            return next == null ? "nothing in time" : next;
        }
    }

    private URI uri(String path) {
        return URI.create("ws://127.0.0.1:" + listener.view().port() + path);
    }

    private WebSocket open(String... subprotocols) {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols(
                        subprotocols[0], Arrays.copyOfRange(subprotocols, 1, subprotocols.length))
                .buildAsync(uri("/mqtt"), answers)
                .join();
    }

    @AfterEach
    void stop() {
        listener.stop();
        loops.stop();
    }

    @Test // for clients of 3.1
    void open_withTheOldSubprotocolAlone_isConfirmed() throws Exception {
        WebSocket socket = open("mqttv3.1");

        assertThat(socket.getSubprotocol()).isEqualTo("mqttv3.1");
        socket.abort();
    }

    // [MQTT5-6.0.0-4] [MQTT311-6.0.0-4]
    @ParameterizedTest
    @ValueSource(strings = {"mqtt", "mqttv3.1, mqtt", "other, mqtt"})
    void open_withSubprotocol_isConfirmed(String offered) throws Exception {
        WebSocket socket = open(offered.split(", "));

        assertThat(socket.getSubprotocol()).isEqualTo("mqtt");
        assertThat(broker.link().transport()).isEqualTo(Transport.WEBSOCKET);
        assertThat(listener.view().uri()).isEqualTo(uri("/mqtt").toString());
        socket.abort();
    }

    // [MQTT5-6.0.0-2] [MQTT311-6.0.0-2]
    @Test
    void packets_acrossFramesAndFragments_arrive() throws Exception {
        WebSocket socket = open("mqtt");
        byte[] bytes = Packets.bytes(Packets.connect(), PingReq.INSTANCE);
        int half = bytes.length / 2;

        socket.sendBinary(ByteBuffer.wrap(bytes, 0, 3), true).join();
        socket.sendBinary(ByteBuffer.wrap(bytes, 3, half - 3), false).join();
        socket.sendBinary(ByteBuffer.wrap(bytes, half, bytes.length - half), true).join();

        assertThat(answers.next()).isEqualTo(CONNACK);
        assertThat(answers.next()).isEqualTo(PINGRESP);
        socket.abort();
    }

    /** There are clients that handle one packet of a frame and then wait for the next frame. */
    @Test
    void packets_manyInOneFrame_areAnsweredWithAFrameEach() throws Exception {
        WebSocket socket = open("mqtt");

        socket.sendBinary(
                        ByteBuffer.wrap(
                                Packets.bytes(
                                        Packets.connect(), PingReq.INSTANCE, PingReq.INSTANCE)),
                        true)
                .join();

        assertThat(answers.next()).isEqualTo(CONNACK);
        assertThat(answers.next()).isEqualTo(PINGRESP);
        assertThat(answers.next()).isEqualTo(PINGRESP);
        socket.abort();
    }

    // [MQTT5-6.0.0-1] [MQTT311-6.0.0-1]
    @Test
    void frame_text_closes() throws Exception {
        WebSocket socket = open("mqtt");

        socket.sendText("hello", true).join();

        assertThat(answers.next()).isEqualTo("close 1003");
        assertThat(broker.event()).isEqualTo("closed");
    }

    @Test
    void frame_ping_isAnswered() throws Exception {
        WebSocket socket = open("mqtt");

        socket.sendPing(ByteBuffer.wrap(new byte[] {1})).join();

        assertThat(answers.next()).isEqualTo("pong");
        socket.abort();
    }

    @Test
    void frame_close_isAnsweredAndEndsTheConnection() throws Exception {
        WebSocket socket = open("mqtt");

        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();

        assertThat(answers.next()).isEqualTo("close 1000");
        assertThat(broker.event()).isEqualTo("closed");
    }

    /** A frame's length is nobody's business but the packets' in it. */
    @Test
    void frame_declaresAnything_onlyItsBytesCount() throws Exception {
        try (Socket socket = handshake()) {
            OutputStream out = socket.getOutputStream();
            out.write(HexFormat.of().parseHex("82ff" + "7fffffffffffffff" + "00000000"));
            out.write(Packets.bytes(Packets.connect()));
            assertThat(read(socket, 7)).isEqualTo("8205" + CONNACK);
            out.write(Packets.bytes(PingReq.INSTANCE));
            assertThat(read(socket, 4)).isEqualTo("8202" + PINGRESP);

            // Beyond the largest packet: MQTT's limit, not WebSocket's.
            out.write(HexFormat.of().parseHex("30ffffff7f"));

            assertThat(broker.event()).isEqualTo("CONNECT");
            assertThat(broker.event()).isEqualTo("PINGREQ");
            assertThat(broker.event()).isEqualTo("malformed PACKET_TOO_LARGE");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8200", // not masked
                "c28000000000", // reserved bit
                "83800000000000", // unknown opcode
                "808000000000", // continuation of nothing
                "028000000000" + "828000000000", // new frame within fragments
                "098000000000", // fragmented ping
                "89fe0100", // ping of 256 bytes
                "82ffffffffffffffffff00000000", // negative length
            })
    void frame_isNone_closesWithProtocolError(String hex) throws Exception {
        try (Socket socket = handshake()) {
            socket.getOutputStream().write(HexFormat.of().parseHex(hex));

            byte[] answer = socket.getInputStream().readAllBytes();

            assertThat(HexFormat.of().formatHex(answer)).startsWith("88").contains("03ea");
            assertThat(broker.event()).isEqualTo("closed");
        }
    }

    @Test
    void frame_maskedByteByByte_isRead() throws Exception {
        byte[] packets = Packets.bytes(Packets.connect(), PingReq.INSTANCE);
        byte[] key = {0x12, (byte) 0xF4, 0x56, (byte) 0x98};
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        int half = packets.length / 2;
        for (int part = 0; part < 2; part++) {
            int from = part * half;
            int size = part == 0 ? half : packets.length - half;
            frames.write(part == 0 ? 0x02 : 0x80);
            frames.write(0x80 | size);
            frames.writeBytes(key);
            for (int i = 0; i < size; i++) {
                frames.write(packets[from + i] ^ key[i % 4]);
            }
            // A ping between fragments.
            frames.writeBytes(new byte[] {(byte) 0x89, (byte) 0x81, 0, 0, 0, 0, 7});
        }

        try (Socket socket = handshake()) {
            socket.setTcpNoDelay(true);
            for (byte b : frames.toByteArray()) {
                socket.getOutputStream().write(b);
            }

            String packetsBack = "";
            int pongs = 0;
            while (packetsBack.length() < (CONNACK + PINGRESP).length() || pongs < 2) {
                byte[] head = socket.getInputStream().readNBytes(2);
                String payload = read(socket, head[1]);
                if (head[0] == (byte) 0x8A) {
                    assertThat(payload).isEqualTo("07");
                    pongs++;
                } else {
                    packetsBack += payload;
                }
            }
            assertThat(packetsBack).isEqualTo(CONNACK + PINGRESP);
        }
    }

    @Test
    void stop_withClients_saysDisconnectAndClose() throws Exception {
        WebSocket socket = open("mqtt");
        socket.sendBinary(ByteBuffer.wrap(Packets.bytes(Packets.connect())), true).join();
        assertThat(answers.next()).isEqualTo(CONNACK);

        listener.stop();

        assertThat(answers.next()).isEqualTo("e0018b");
        assertThat(answers.next()).isEqualTo("close 1000");
    }

    /** Bytes of a frame right behind the handshake's request, before its answer. */
    @Test
    void frame_comesWithTheRequest_isRead() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", listener.view().port())) {
            socket.setSoTimeout(5_000);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(REQUEST.getBytes(StandardCharsets.US_ASCII));
            byte[] connect = Packets.bytes(Packets.connect());
            all.write(0x82);
            all.write(0x80 | connect.length);
            all.writeBytes(new byte[4]);
            all.writeBytes(connect);
            socket.getOutputStream().write(all.toByteArray());

            readHead(socket);
            assertThat(read(socket, 7)).isEqualTo("8205" + CONNACK);
        }
    }

    private static final String REQUEST =
            "GET /mqtt HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    + "Sec-WebSocket-Protocol: mqtt\r\n\r\n";

    private Socket handshake() throws Exception {
        Socket socket = new Socket("127.0.0.1", listener.view().port());
        socket.setSoTimeout(5_000);
        socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
        // The example of RFC 6455, section 1.3.
        assertThat(readHead(socket))
                .startsWith("HTTP/1.1 101 ")
                .containsIgnoringCase("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                .containsIgnoringCase("sec-websocket-protocol: mqtt");
        return socket;
    }

    private static String readHead(Socket socket) throws Exception {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = socket.getInputStream().read();
            if (b < 0) {
                throw new AssertionError("closed after: " + head);
            }
            head.append((char) b);
        }
        return head.toString();
    }

    private static String read(Socket socket, int size) throws Exception {
        return HexFormat.of().formatHex(socket.getInputStream().readNBytes(size));
    }

    @Test
    void open_otherPath_is404() {
        assertRefused("/other", "mqtt", 404);
    }

    // [MQTT5-6.0.0-3] [MQTT311-6.0.0-3]
    @Test
    void open_otherSubprotocol_is400() {
        assertRefused("/mqtt", "chat", 400);
    }

    private void assertRefused(String path, String subprotocol, int status) {
        Assertions.assertThatThrownBy(
                        () ->
                                HttpClient.newHttpClient()
                                        .newWebSocketBuilder()
                                        .subprotocols(subprotocol)
                                        .buildAsync(uri(path), answers)
                                        .join())
                .isInstanceOf(CompletionException.class)
                .extracting(Throwable::getCause)
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        refusal -> {
                            HttpResponse<?> response = refusal.getResponse();
                            assertThat(response.statusCode()).isEqualTo(status);
                        });
    }

    @Test
    void http_noUpgrade_isToldWhatIsHere() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", listener.view().port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream()
                    .write(
                            "GET /mqtt HTTP/1.1\r\nHost: x\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));

            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(answer).startsWith("HTTP/1.1 426 ").contains("WebSocket");
        }
    }

    @Test
    void http_headerBomb_isRefused() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", listener.view().port())) {
            socket.setSoTimeout(5_000);
            byte[] bomb = new byte[20_000];
            Arrays.fill(bomb, (byte) 'x');
            socket.getOutputStream()
                    .write("GET /mqtt HTTP/1.1\r\nA: ".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(bomb);

            int first = socket.getInputStream().read();

            assertThat(first).isIn((int) 'H', -1);
        }
    }

    @Test
    void http_slowHandshake_isClosed() throws Exception {
        broker.connectTimeoutMillis = 100;
        try (Socket socket = new Socket("127.0.0.1", listener.view().port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write("GET /mqtt HT".getBytes(StandardCharsets.US_ASCII));

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }
}
