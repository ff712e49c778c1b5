package io.busbar.mqtt.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.Transport;
import io.busbar.mqtt.codec.PingReq;
import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
            new EventLoops(Configs.of(EventLoops.Config.class, "threads", 1));
    private final Listener listener =
            new Listener(
                    loops,
                    broker,
                    new ListenerRegistry(),
                    Configs.of(Listener.Config.class, "port", 0, "transport", "ws", "name", "web"));
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
                received.add(java.util.HexFormat.of().formatHex(frame.toByteArray()));
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

    private WebSocket open(String subprotocol) {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols(subprotocol)
                .buildAsync(uri("/mqtt"), answers)
                .join();
    }

    @AfterEach
    void stop() {
        listener.stop();
        loops.stop();
    }

    // [MQTT5-6.0.0-4] [MQTT311-6.0.0-4]
    @ParameterizedTest
    @ValueSource(strings = {"mqtt", "mqttv3.1"})
    void open_withSubprotocol_isConfirmed(String subprotocol) throws Exception {
        WebSocket socket = open(subprotocol);

        assertThat(socket.getSubprotocol()).isEqualTo(subprotocol);
        assertThat(broker.link().transport()).isEqualTo(Transport.WEBSOCKET);
        assertThat(listener.view().uri()).isEqualTo(uri("/mqtt").toString());
        socket.abort();
    }

    // [MQTT5-6.0.0-2] [MQTT311-6.0.0-2]
    @Test
    void packets_acrossFramesAndFragments_arrive() throws Exception {
        WebSocket socket = open("mqtt");
        byte[] bytes = RawClient.bytes(RawClient.connect(), PingReq.INSTANCE);
        int half = bytes.length / 2;

        socket.sendBinary(ByteBuffer.wrap(bytes, 0, 3), true).join();
        socket.sendBinary(ByteBuffer.wrap(bytes, 3, half - 3), false).join();
        socket.sendBinary(ByteBuffer.wrap(bytes, half, bytes.length - half), true).join();

        String received = answers.next();
        if (received.equals(CONNACK)) {
            received += answers.next();
        }
        assertThat(received).isEqualTo(CONNACK + PINGRESP);
        socket.abort();
    }

    @Test
    void packets_manyInOneFrame_arrive() throws Exception {
        WebSocket socket = open("mqtt");

        socket.sendBinary(
                        ByteBuffer.wrap(
                                RawClient.bytes(
                                        RawClient.connect(), PingReq.INSTANCE, PingReq.INSTANCE)),
                        true)
                .join();

        assertThat(answers.next()).isEqualTo(CONNACK + PINGRESP + PINGRESP);
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

    @Test
    void frame_largerThanAnyPacket_closes() throws Exception {
        broker.maxPacketSizeBytes = 1_000;
        WebSocket socket = open("mqtt");

        socket.sendBinary(ByteBuffer.wrap(new byte[200_000]), true);

        assertThat(answers.next()).isIn("close 1009", "error");
        assertThat(broker.event()).isEqualTo("closed");
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
