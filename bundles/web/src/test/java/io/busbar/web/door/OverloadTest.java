package io.busbar.web.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.busbar.api.accounts.Role;
import io.busbar.api.memory.MemoryAccount;
import io.busbar.api.memory.MemoryArea;
import io.busbar.api.memory.MemoryShortage;
import io.busbar.testkit.time.Await;
import io.busbar.web.http.Answer;
import io.busbar.web.http.HttpCounters.Cause;
import io.busbar.web.http.HttpWing;
import io.busbar.web.http.Problem;
import io.busbar.web.http.Request;
import io.busbar.web.http.Route;
import io.busbar.web.http.Router;
import io.busbar.web.jetty.ConnectionLimits;
import io.busbar.web.testkit.WebServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are slow, many or malformed: they are refused, and nobody else waits for them. */
class OverloadTest {
    private static final int PER_ADDRESS = 40;
    private static final String ROWS =
            "{\"clientId\":\"line-1\",\"connected\":true},".repeat(3_000);

    /** Answers at once, never, or with much. */
    private static final class Wing implements HttpWing {
        final CountDownLatch hanging = new CountDownLatch(1);

        @Override
        public String path() {
            return "/api/test";
        }

        @Override
        public void addTo(Router router) {
            router.add(
                            Route.open("GET", "/health", r -> Answer.text("text/plain", "UP"))
                                    .alsoBeforeSetup()
                                    .alsoWhenBusy())
                    .open("GET", "/rows", r -> Answer.text("text/plain", ROWS))
                    .open("GET", "/now", r -> Answer.text("text/plain", "now"))
                    .open("GET", "/hangs", this::hang)
                    .open("GET", "/much", r -> Answer.text("text/plain", "x".repeat(32 << 20)))
                    .open("GET", "/large", r -> Answer.text("text/plain", "x".repeat(12 << 20)))
                    .open("POST", "/login", Wing::login)
                    .add("POST", "/change", Role.ENGINEER, Wing::login);
        }

        private Answer hang(Request request) {
            try {
                hanging.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Problem.busy("Stopped.");
            }
            return Answer.noContent();
        }

        private static Answer login(Request request) {
            request.body().text("name", 1, 1000);
            return Answer.noContent();
        }
    }

    private final Wing wing = new Wing();
    private final WebServer server =
            new WebServer(
                    new RequestLimits(1, 1000, 1 << 24, 1, 60, PER_ADDRESS),
                    ConnectionLimits.of(100, 60, 600));
    private final List<Socket> sockets = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        server.start(wing);
        server.accounts.add("ann", Role.ADMIN);
    }

    @AfterEach
    void stop() throws Exception {
        wing.hanging.countDown();
        for (Socket socket : sockets) {
            socket.close();
        }
        server.close();
    }

    /** A socket from an address of loopback that has written so much. */
    private Socket open(String from, String text) throws IOException {
        Socket socket =
                new Socket(
                        InetAddress.getByName("127.0.0.1"),
                        server.port(),
                        InetAddress.getByName(from),
                        0);
        sockets.add(socket);
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private static String post(String path, String more) {
        return "POST /api/test"
                + path
                + " HTTP/1.1\r\nHost: localhost\r\nX-Busbar-Request: 1\r\n"
                + "Content-Type: application/json\r\n"
                + more;
    }

    private static String get(String path) {
        return "GET /api/test" + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    /** All that the server says until it closes. */
    private static String answer(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
        } catch (SocketException reset) {
            // The server closes with bytes of ours unread: what it said before is there.
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    private static String status(Socket socket) throws IOException {
        byte[] line = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
        return new String(line, StandardCharsets.US_ASCII);
    }

    @Test
    void body_thatTrickles_isAnswered408_andNobodyWaits() throws Exception {
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < PER_ADDRESS; i++) {
            slow.add(open("127.0.0.3", post("/login", "Content-Length: 4000\r\n\r\n{")));
        }
        Await.until(() -> server.load().requests() == PER_ADDRESS);

        assertThat(server.get("/now").body()).isEqualTo("now");
        assertThat(server.get("/health").body()).isEqualTo("UP");
        for (Socket socket : slow) {
            assertThat(answer(socket))
                    .startsWith("HTTP/1.1 408")
                    .contains("application/problem+json", "request-timeout", "1000 bytes a second");
        }
        assertThat(server.counters().get(Cause.BODY_TOO_SLOW)).isEqualTo(PER_ADDRESS);
        Await.until(() -> server.load().requests() == 0 && server.load().bodyBytes() == 0);
    }

    @Test
    void requestsOfOneAddress_beyondTheLimit_areRefused_othersAreNot() throws Exception {
        for (int i = 0; i < PER_ADDRESS; i++) {
            open("127.0.0.3", get("/hangs"));
        }
        Await.until(() -> server.load().requests() == PER_ADDRESS);

        assertThat(status(open("127.0.0.3", get("/now")))).isEqualTo("HTTP/1.1 503");
        assertThat(server.counters().get(Cause.TOO_MANY_REQUESTS)).isEqualTo(1);
        assertThat(server.get("/health").body()).isEqualTo("UP");
        assertThat(status(open("127.0.0.3", get("/health")))).isEqualTo("HTTP/1.1 200");

        wing.hanging.countDown();
        assertThat(server.get("/now").body()).isEqualTo("now");
    }

    @Test
    void allWorkersHang_healthAnswers_andTheRestIsToldToComeAgain() throws Exception {
        for (int i = 0; i < 30; i++) {
            open("127.0.0.3", get("/hangs"));
            open("127.0.0.4", get("/hangs"));
        }
        Await.until(() -> server.load().requests() == 60);

        assertThat(server.get("/health").body()).isEqualTo("UP");
        WebServer.Reply refused = server.get("/now");
        assertThat(refused.problem()).isEqualTo("busy");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void bodyOfAnOpenRoute_isBoundedByAFewKilobytes() throws Exception {
        String big = "x".repeat(Route.OPEN_BODY_BYTES);

        assertThat(server.post("/login", "{\"name\":\"" + big + "\"}").problem())
                .isEqualTo("payload-too-large");
        String chunked = Integer.toHexString(big.length() + 1) + "\r\n " + big + "\r\n0\r\n\r\n";
        assertThat(
                        answer(
                                open(
                                        "127.0.0.1",
                                        post("/login", "Transfer-Encoding: chunked\r\n\r\n")
                                                + chunked)))
                .startsWith("HTTP/1.1 413");
        assertThat(server.counters().get(Cause.BODY_TOO_LARGE)).isEqualTo(2);
    }

    /** Not a mebibyte of this becomes forty of objects: more than all bodies may take. */
    @Test
    void body_ofMoreObjectsThanThereIsMemoryFor_isRefused() {
        server.signIn("eve", Role.ENGINEER);

        WebServer.Reply reply = server.post("/change", "[" + "{},".repeat(300_000) + "{}]");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.problem()).isEqualTo("busy");
        assertThat(server.counters().get(Cause.BODIES_FULL)).isEqualTo(1);
        assertThat(server.load().bodyBytes()).isZero();
        assertThat(server.post("/change", "{\"name\":\"x\"}").status()).isEqualTo(204);
    }

    @Test
    void body_withoutRoomInTheMemory_isRefusedAndTheHolderIsNamed() throws Exception {
        server.signIn("eve", Role.ENGINEER);
        String body = "[" + "{},".repeat(10_000) + "{}]";

        try (MemoryAccount others = server.memory.open(MemoryArea.HEAP, "others", 100, null)) {
            others.add(512L << 20);
            WebServer.Reply reply = server.post("/change", body);

            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.header("Retry-After")).isEqualTo("1");
            assertThat(server.memory.shortages())
                    .extracting(MemoryShortage::kind, MemoryShortage::holder)
                    .containsExactly(tuple("HTTP bodies", "eve at 127.0.0.1"));
            assertThat(server.counters().get(Cause.BODIES_FULL)).isEqualTo(1);
        }

        assertThat(server.post("/change", body).problem()).isEqualTo("validation");
        Await.until(() -> server.load().bodyBytes() == 0);
    }

    @Test
    void answerForPeople_isGivenAlsoWithoutRoomInTheMemory() throws Exception {
        try (MemoryAccount others = server.memory.open(MemoryArea.HEAP, "others", 100, null)) {
            others.add((512L << 20) - (1 << 20));
            WebServer.Reply reply = server.get("/rows");

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body()).isEqualTo(ROWS);
            assertThat(reply.header("Content-Type")).startsWith("text/plain");
            assertThat(server.counters().get(Cause.BODIES_FULL)).isZero();
            Await.until(() -> server.load().bodyBytes() == 0);
        }
    }

    @Test
    void answersThatAreNotTaken_areCounted_andAtTheLimitOthersAreToldToComeAgain()
            throws Exception {
        Socket first = open("127.0.0.3", get("/large"));
        Await.until(() -> server.load().bodyBytes() > 1 << 20);
        Socket second = open("127.0.0.3", get("/large"));

        assertThat(status(second)).isEqualTo("HTTP/1.1 503");
        assertThat(server.counters().get(Cause.BODIES_FULL)).isEqualTo(1);
        first.close();
        Await.until(() -> server.load().bodyBytes() == 0);
        assertThat(server.get("/large").body()).hasSize(12 << 20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // an unclosed quote in a chunk extension
                "Transfer-Encoding: chunked\r\n\r\n1;a=\"\r\nX\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n2\r\n{}XX\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\n{}",
                "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "Transfer-Encoding: gzip\r\n\r\n{}",
                "Content-Length: 20\r\n\r\n{}",
                "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
                "Content-Length: x\r\n\r\n{}",
            })
    void body_thatIsMalformed_is400(String body) throws Exception {
        server.signIn("eve", Role.ENGINEER);
        Socket socket =
                open("127.0.0.1", post("/change", "Cookie: " + server.cookie + "\r\n" + body));
        socket.shutdownOutput();

        String answer = answer(socket);

        assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json");
        assertThat(answer.split("HTTP/1.1 ")).hasSize(2);
        assertThat(server.counters().get(Cause.MALFORMED_REQUEST)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/test/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /api/test/%ff HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /api/test/\0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /api/test HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET /api/test HTTP/1.1\r\nHost: [::\r\n\r\n",
                "GET /api/test HTTP/1.1\r\nHost:\r\n\r\n",
                "GET /api/test HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
                "GET /api/test HTTP/1.1\r\n\r\n",
                "GET /api/test HTTP/9.9\r\nHost: localhost\r\n\r\n",
                "GET /api/test\r\n\r\n",
                "\u0016\u0003\u0001\u0002\0\u0001\0\r\n\r\n",
            })
    void request_thatIsNone_isNeverAnsweredWithAPage(String request) throws Exception {
        String answer =
                answer(
                        open(
                                "127.0.0.1",
                                request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")));

        assertThat(answer).contains("application/problem+json").doesNotContainIgnoringCase("<html");
        assertThat(answer).matches("(?s)HTTP/1.1 4\\d\\d .*|HTTP/1.1 505 .*");
    }

    @Test
    void answer_thatIsNotTaken_closesTheConnection() throws Exception {
        open("127.0.0.3", get("/much"));

        Await.until(() -> server.counters().get(Cause.ANSWER_TOO_SLOW) == 1);
        Await.until(() -> server.load().connections() == 0);
        assertThat(server.get("/now").body()).isEqualTo("now");
    }

    @Test
    void answersThatAreNotTaken_holdNoThread() throws Exception {
        for (int i = 0; i < PER_ADDRESS; i++) {
            open("127.0.0.3", get("/now").repeat(2000));
        }

        assertThat(server.get("/now").body()).isEqualTo("now");
        assertThat(server.get("/health").body()).isEqualTo("UP");
    }

    @Test
    void connectionsOfOneAddress_beyondTheLimit_costTheIdlestOne() throws Exception {
        for (int i = 0; i < 60; i++) {
            open("127.0.0.3", "");
        }
        Await.until(() -> server.load().connections() == 60);

        List<Socket> later = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            later.add(open("127.0.0.3", get("/health")));
        }
        for (Socket socket : later) {
            assertThat(status(socket)).isEqualTo("HTTP/1.1 200");
        }
        Await.until(() -> server.load().connections() == 60);
        assertThat(server.counters().get(Cause.TOO_MANY_CONNECTIONS)).isEqualTo(20);
        assertThat(server.get("/now").body()).isEqualTo("now");
    }

    @Test
    void connections_beyondTheLimit_costTheAddressThatHasMost() throws Exception {
        for (int i = 0; i < 55; i++) {
            open("127.0.0.3", "");
        }
        Await.until(() -> server.load().connections() == 55);
        for (int i = 0; i < 45; i++) {
            open("127.0.0.4", "");
        }
        Await.until(() -> server.load().connections() == 100);

        assertThat(status(open("127.0.0.5", get("/now")))).isEqualTo("HTTP/1.1 200");
        assertThat(server.counters().get(Cause.TOO_MANY_CONNECTIONS)).isEqualTo(1);
        Await.until(() -> server.load().connections() == 100);
    }

    @Test
    void connection_thatSendsNoRequest_isClosed() throws Exception {
        try (WebServer impatient =
                new WebServer(RequestLimits.DEFAULT, ConnectionLimits.of(0, 0, 1))) {
            impatient.start(new Wing());
            try (Socket silent = new Socket("127.0.0.1", impatient.port());
                    Socket trickling = new Socket("127.0.0.1", impatient.port())) {
                trickling
                        .getOutputStream()
                        .write("GET /api/test/n".getBytes(StandardCharsets.UTF_8));

                assertThat(answer(silent)).isEmpty();
                assertThat(answer(trickling)).isEmpty();
                assertThat(impatient.counters().get(Cause.NO_REQUEST)).isEqualTo(2);
            }
        }
    }

    @Test
    void deadlines_areNotForThoseWhoKeepUp() throws Exception {
        Socket socket = open("127.0.0.1", post("/login", "Content-Length: 8000\r\n\r\n"));
        String body = "{\"name\":\"x\"}" + " ".repeat(8000 - 12);
        long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        int sent = 0;
        while (sent < body.length()) {
            long left = Math.max(0, end - System.nanoTime());
            int due = (int) (body.length() * (1 - left / 3e9));
            if (due > sent) {
                socket.getOutputStream()
                        .write(body.substring(sent, due).getBytes(StandardCharsets.US_ASCII));
                sent = due;
            }
            Thread.onSpinWait();
        }

        assertThat(status(socket)).isEqualTo("HTTP/1.1 204");
    }
}
