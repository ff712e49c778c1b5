package io.busbar.web.door;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.accounts.Role;
import io.busbar.testkit.time.Await;
import io.busbar.web.http.Answer;
import io.busbar.web.http.BodySource;
import io.busbar.web.http.HttpCounters.Cause;
import io.busbar.web.http.HttpWing;
import io.busbar.web.http.Request;
import io.busbar.web.http.Route;
import io.busbar.web.http.Router;
import io.busbar.web.jetty.ConnectionLimits;
import io.busbar.web.testkit.WebServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies that are larger than memory: into files, and made while they are taken. */
class LargeBodiesTest {
    private static final int MAXIMUM = 40_000_000;

    /** Says how large a body was, and answers with much. */
    private static final class Wing implements HttpWing {
        final AtomicInteger made = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();
        volatile int pieceBytes = 32_768;
        volatile int failAt = Integer.MAX_VALUE;

        @Override
        public String path() {
            return "/api/test";
        }

        @Override
        public void addTo(Router router) {
            router.add(Route.of("POST", "/size", Role.ENGINEER, Wing::size).withBodyInFile(MAXIMUM))
                    .add("GET", "/much", Role.VIEWER, request -> much());
        }

        private static Answer size(Request request) throws IOException {
            return Answer.text("text/plain", Long.toString(Files.size(request.bodyFile())));
        }

        private Answer much() {
            return Answer.stream(
                    "text/plain",
                    new BodySource() {
                        private int pieces;

                        @Override
                        public byte @Nullable [] next() throws IOException {
                            if (pieces == failAt) {
                                throw new IOException("no more (test)");
                            }
                            made.incrementAndGet();
                            return pieces++ == 1000 ? null : new byte[pieceBytes];
                        }

                        @Override
                        public void close() {
                            closed.incrementAndGet();
                        }
                    });
        }
    }

    private final Wing wing = new Wing();
    private final WebServer server =
            new WebServer(
                    new RequestLimits(1, 1000, 1 << 20, 1, 60, 60),
                    ConnectionLimits.of(100, 60, 600));
    private final List<Socket> sockets = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        server.start(wing);
        server.signIn("ann", Role.ENGINEER);
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        server.close();
    }

    private Socket open(String method, String path, String more) throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port());
        sockets.add(socket);
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(
                        (method
                                        + " /api/test"
                                        + path
                                        + " HTTP/1.1\r\nHost: localhost\r\nX-Busbar-Request: 1\r\n"
                                        + "Content-Type: application/json\r\nCookie: "
                                        + server.cookie
                                        + "\r\n"
                                        + more
                                        + "\r\n")
                                .getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private Socket post(int length) throws IOException {
        return open("POST", "/size", "Content-Length: " + length + "\r\n");
    }

    private static String status(Socket socket) throws IOException {
        byte[] line = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
        return new String(line, StandardCharsets.US_ASCII);
    }

    private long files() throws IOException {
        try (var files = Files.list(server.bodies())) {
            return files.count();
        }
    }

    @Test
    void body_inAFile_mayBeLargerThanAllInMemory_andIsDeleted() throws Exception {
        Socket socket = post(MAXIMUM);
        byte[] piece = new byte[1_000_000];
        for (int sent = 0; sent < MAXIMUM; sent += piece.length) {
            socket.getOutputStream().write(piece);
            assertThat(server.load().bodyBytes()).isZero();
        }

        assertThat(status(socket)).isEqualTo("HTTP/1.1 200");
        assertThat(server.send("POST", "/size", "x".repeat(70_000)).body()).isEqualTo("70000");
        assertThat(server.bodies()).isEmptyDirectory();
    }

    @Test
    void body_tooLarge_isRefusedBeforeItIsReceived() throws Exception {
        assertThat(status(post(MAXIMUM + 1))).isEqualTo("HTTP/1.1 413");
        assertThat(server.bodies()).isEmptyDirectory();
    }

    @Test
    void body_empty_isMalformed() {
        assertThat(server.send("POST", "/size", "").problem()).isEqualTo("malformed-json");
    }

    @Test
    void bodies_moreThanMayBe_areRefusedUntilOneEnds() throws Exception {
        Socket first = post(100);
        Await.until(() -> files() == 1);

        WebServer.Reply refused = server.send("POST", "/size", "{}");
        first.close();

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).isNotEmpty();
        assertThat(server.counters().get(Cause.BODIES_FULL)).isEqualTo(1);
        Await.until(() -> files() == 0);
        assertThat(server.send("POST", "/size", "{}").body()).isEqualTo("2");
    }

    @Test
    void body_thatTrickles_is408_andItsFileGoes() throws Exception {
        Socket socket = post(1000);
        socket.getOutputStream().write('{');

        assertThat(status(socket)).isEqualTo("HTTP/1.1 408");
        Await.until(() -> files() == 0);
        assertThat(server.counters().get(Cause.BODY_TOO_SLOW)).isEqualTo(1);
    }

    @Test
    void files_leftByACrash_areDeletedAtTheStart() throws Exception {
        Path left = Files.createFile(server.bodies().resolve("left.body"));
        Path foreign = Files.createFile(server.bodies().resolve("foreign"));

        new BodyFiles(server.bodies(), () -> 1, server.counters());

        assertThat(left).doesNotExist();
        assertThat(foreign).exists();
        Files.delete(foreign);
    }

    @Test
    void answer_isMadeOnlyAsFastAsItIsTaken_andClosedWhenTheClientLeaves() throws Exception {
        Socket socket = open("GET", "/much", "");
        assertThat(status(socket)).isEqualTo("HTTP/1.1 200");

        // What the kernel holds, and no more, until the server gives up on the reader.
        Await.until(() -> wing.closed.get() == 1);
        assertThat(wing.made.get()).isLessThan(900);
        assertThat(server.counters().get(Cause.ANSWER_TOO_SLOW)).isEqualTo(1);
    }

    @Test
    void pieceOfAnAnswer_thatIsLarge_countsUntilTheClientIsGone() throws Exception {
        wing.pieceBytes = 10 << 20;
        Socket socket = open("GET", "/much", "");
        assertThat(status(socket)).isEqualTo("HTTP/1.1 200");

        assertThat(server.load().bodyBytes()).isGreaterThanOrEqualTo(10 << 20);
        socket.close();

        Await.until(() -> wing.closed.get() == 1);
        Await.until(() -> server.load().bodyBytes() == 0);
    }

    @Test
    void answer_thatIsTaken_isComplete() {
        assertThat(server.get("/much").body()).hasSize(1000 * 32_768);
        Await.until(() -> wing.closed.get() == 1);
    }

    @Test
    void answer_toHead_isNotMade() {
        assertThat(server.send("HEAD", "/much", null).status()).isEqualTo(200);
        Await.until(() -> wing.closed.get() == 1);
        assertThat(wing.made.get()).isZero();
    }

    @Test
    void answer_whoseSourceFails_endsWithoutItsLastChunk() throws Exception {
        wing.failAt = 20;
        Socket socket = open("GET", "/much", "");

        byte[] all = readAll(socket.getInputStream());

        assertThat(new String(all, StandardCharsets.ISO_8859_1))
                .startsWith("HTTP/1.1 200")
                .doesNotEndWith("0\r\n\r\n");
        Await.until(() -> wing.closed.get() == 1);
    }

    private static byte[] readAll(InputStream in) throws IOException {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        try {
            in.transferTo(all);
        } catch (java.net.SocketException reset) {
            // The server closes: what came before is there.
        }
        return all.toByteArray();
    }
}
