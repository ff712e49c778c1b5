package io.busbar.web.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.busbar.api.accounts.Role;
import io.busbar.web.http.HttpWing;
import io.busbar.web.http.Router;
import io.busbar.web.testkit.WebServer;
import io.busbar.web.testkit.WebServer.Reply;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a wing gets without doing anything for it. */
class DoorTest {
    private final LinesWing wing = new LinesWing();
    private final WebServer server = new WebServer();

    @BeforeEach
    void start() throws Exception {
        server.start(wing);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void beforeSetup_onlyWhatIsOpenThenAnswers() {
        assertThat(server.get("").problem()).isEqualTo("setup-required");
        assertThat(server.get("/help").problem()).isEqualTo("setup-required");
        assertThat(server.get("/no/such/path").problem()).isEqualTo("setup-required");
        assertThat(server.get("/version").body()).isEqualTo("1");
    }

    @Test
    void nobodySignedIn_onlyOpenRoutesAnswer() {
        server.accounts.add("ann", Role.ADMIN);

        assertThat(server.get("").problem()).isEqualTo("not-authenticated");
        assertThat(server.send("PUT", "/1", "{\"name\":\"x\"}").problem())
                .isEqualTo("not-authenticated");
        assertThat(server.get("/help").body()).isEqualTo("Lines.");
        assertThat(server.get("/no/such/path").problem()).isEqualTo("not-found");
    }

    @Test
    void role_tooSmall_isRefused() {
        server.signIn("vic", Role.VIEWER);

        assertThat(server.get("/1").json().get("name").getAsString()).isEqualTo("Filling");
        assertThat(server.send("PUT", "/1", "{\"name\":\"x\"}").problem()).isEqualTo("forbidden");
        assertThat(wing.names).containsEntry("1", "Filling");
    }

    @Test
    void change_ofSomebodySignedIn_happensInHerName() {
        server.signIn("eve", Role.ENGINEER);

        Reply reply = server.send("PUT", "/a%20b", "{\"name\":\"Packing\"}");

        assertThat(reply.status()).isEqualTo(204);
        assertThat(wing.names).containsEntry("a b", "Packing by eve");
    }

    @Test
    void change_fromAnotherOriginOrWithoutTheHeader_isRefused() throws Exception {
        server.signIn("eve", Role.ENGINEER);

        assertThat(server.send("PUT", "/1", "{}", "X-Busbar-Request", "0").problem())
                .isEqualTo("csrf");
        assertThat(
                        server.raw(
                                "PUT /lines/1 HTTP/1.1",
                                "Host: localhost:" + server.port(),
                                "Cookie: " + server.cookie,
                                "X-Busbar-Request: 1",
                                "Origin: http://evil.example",
                                "Content-Length: 0"))
                .startsWith("HTTP/1.1 403")
                .contains("problem:csrf");
    }

    @Test
    void host_thatIsNotOurs_isRefused() throws Exception {
        assertThat(server.raw("GET /lines/version HTTP/1.1", "Host: evil.example"))
                .startsWith("HTTP/1.1 421");
        assertThat(server.raw("GET /lines/version HTTP/1.1", "Host: busbar.example"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void body_isBoundedAndChecked() {
        server.signIn("eve", Role.ENGINEER);

        assertThat(server.send("PUT", "/1", "{\"name\":\"" + "x".repeat(1000) + "\"}").status())
                .isEqualTo(413);
        assertThat(server.send("PUT", "/1", "{", "Content-Type", "text/plain").status())
                .isEqualTo(415);
        assertThat(server.send("PUT", "/1", "{").problem()).isEqualTo("malformed-json");
        assertThat(server.send("PUT", "/1", "{\"name\":1}").problem()).isEqualTo("validation");
        assertThat(server.send("PUT", "/1", "{\"nmae\":\"x\"}").problem()).isEqualTo("unknown-key");
    }

    @Test
    void failureOfTheWing_isAProblemThatTellsNothing() {
        server.signIn("ann", Role.ADMIN);

        Reply reply = server.send("DELETE", "/1", null);

        assertThat(reply.problem()).isEqualTo("internal");
        assertThat(reply.body()).doesNotContain("no line can be deleted");
    }

    @Test
    void method_thatIsNotOffered_is405() {
        server.signIn("ann", Role.ADMIN);

        Reply reply = server.post("/1", "{}");

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).isEqualTo("DELETE, GET, PUT");
    }

    @Test
    void answers_carryTheSecurityHeaders() {
        assertThat(server.get("/version").header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(server.get("/version").header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void stream_isWrittenOverTime() {
        server.signIn("vic", Role.VIEWER);

        Reply reply = server.get("/1/log");

        assertThat(reply.body()).isEqualTo("filled\n");
        assertThat(reply.header("Content-Type")).startsWith("text/plain");
    }

    /** Identifiers of clients stand in paths, with whatever characters they have. */
    @ParameterizedTest
    @CsvSource({
        "a%2Fb, a/b",
        "%2F, /",
        "a%25b, a%b",
        "a%252Fb, a%2Fb",
        "a%3Bb, a;b",
        "a;b, a;b",
        "%2e, .",
        "..a, ..a",
        "a%5Cb, a\\b",
        "%23+%3F, #+?",
        "%E2%82%AC, €"
    })
    void segment_mayHaveAnyCharacter(String encoded, String decoded) {
        server.signIn("vic", Role.VIEWER);
        wing.names.put(decoded, "Packing");

        assertThat(raw("GET /lines/" + encoded)).startsWith("HTTP/1.1 200").contains("Packing");
        assertThat(raw("GET /lines/" + encoded + "x"))
                .startsWith("HTTP/1.1 404")
                .contains("problem:not-found");
    }

    private String raw(String line) {
        try {
            return server.raw(line + " HTTP/1.1", "Host: localhost", "Cookie: " + server.cookie);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void session_idleForHalfAnHour_ends() {
        server.signIn("vic", Role.VIEWER);
        server.clock.advance(Duration.ofMinutes(31));

        assertThat(server.get("").problem()).isEqualTo("not-authenticated");
    }

    @Test
    void accountsAreGone_sessionStaysAndTheMissingPartIsNamed() {
        server.signIn("vic", Role.VIEWER);
        server.accounts(null);

        Reply reply = server.get("");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.json().get("detail").getAsString()).contains("io.busbar.auth.users");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "lines", "/lines/", "/a//b", "/*", "/a b"})
    void path_thatIsNone_isRefused(String path) {
        HttpWing wrong =
                new HttpWing() {
                    @Override
                    public String path() {
                        return path;
                    }

                    @Override
                    public void addTo(Router router) {}
                };

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WingServlet(wrong, java.util.Optional::empty, null, null))
                .withMessageContaining("path: \"" + path + "\"");
    }
}
