package io.busbar.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.accounts.Role;
import io.busbar.web.http.HttpCounters;
import io.busbar.web.testkit.FakeAccounts;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Setup, sessions, roles, and what keeps strangers out. */
class SecurityTest {
    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = new Server();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void everyCall_beforeSetup_isRefusedAsSetupRequired() {
        for (String path :
                new String[] {
                    "/broker", "/credentials", "/auth/me", "/namespace/tree", "/events", "/nonsense"
                }) {
            Server.Reply reply = server.get(path);

            assertThat(reply.status()).as(path).isEqualTo(401);
            assertThat(reply.problem()).as(path).isEqualTo("setup-required");
        }
        assertThat(server.post("/auth/login", "{}").problem()).isEqualTo("setup-required");
    }

    @Test
    void publicCalls_beforeSetup_answer() {
        assertThat(server.get("/setup").json().get("required").getAsBoolean()).isTrue();
        assertThat(server.get("/health/live").status()).isEqualTo(200);
        assertThat(server.get("/openapi.json").json().get("openapi").getAsString())
                .isEqualTo("3.1.0");
    }

    @Test
    void setup_withToken_signsTheAdministratorIn() {
        Server.Reply reply =
                server.post(
                        "/setup",
                        "{\"token\":\"token\",\"username\":\"ann\",\"password\":\"long enough"
                                + " password\"}");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.header("Set-Cookie"))
                .contains("busbar_session_test=", "HttpOnly", "SameSite=Strict", "Path=/");
        server.cookie = reply.cookie();
        assertThat(server.get("/auth/me").json().get("role").getAsString()).isEqualTo("ADMIN");
    }

    @Test
    void setup_withWrongToken_isRefused() {
        Server.Reply reply =
                server.post(
                        "/setup",
                        "{\"token\":\"guess\",\"username\":\"ann\",\"password\":\"long enough"
                                + " password\"}");

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.problem()).isEqualTo("setup-token-invalid");
    }

    @Test
    void setupLink_isCheckedWithoutUsingItUp() {
        assertThat(server.post("/setup/link", "{\"token\":\"token\"}").status()).isEqualTo(204);
        assertThat(server.post("/setup/link", "{\"token\":\"token\"}").status()).isEqualTo(204);
        assertThat(server.post("/setup/link", "{\"token\":\"guess\"}").problem())
                .isEqualTo("setup-token-invalid");

        server.accounts.add("ann", Role.ADMIN);

        assertThat(server.post("/setup/link", "{\"token\":\"token\"}").problem())
                .isEqualTo("setup-done");
    }

    @Test
    void setup_withShortPassword_namesTheField() {
        Server.Reply reply =
                server.post(
                        "/setup",
                        "{\"token\":\"token\",\"username\":\"ann\",\"password\":\"short\"}");

        assertThat(reply.status()).isEqualTo(422);
        assertThat(
                        reply.json()
                                .getAsJsonArray("errors")
                                .get(0)
                                .getAsJsonObject()
                                .get("pointer")
                                .getAsString())
                .isEqualTo("/password");
    }

    @Test
    void setup_whenDone_conflicts() {
        server.accounts.add("ann", Role.ADMIN);

        assertThat(
                        server.post(
                                        "/setup",
                                        "{\"token\":\"token\",\"username\":\"eve\",\"password\":\"long"
                                            + " enough password\"}")
                                .problem())
                .isEqualTo("setup-done");
    }

    @Test
    void calls_withoutSession_areRefused() {
        server.accounts.add("ann", Role.ADMIN);

        assertThat(server.get("/broker").problem()).isEqualTo("not-authenticated");
        assertThat(server.get("/nonsense").problem()).isEqualTo("not-found");
    }

    @Test
    void login_givesANewIdEachTime_andEndsTheOldSession() {
        server.signIn("ann", Role.ADMIN);
        String first = server.cookie;

        String second =
                server.post(
                                "/auth/login",
                                "{\"username\":\"ann\",\"password\":\"correct horse battery\"}")
                        .cookie();

        assertThat(second).isNotEqualTo(first);
        assertThat(server.get("/auth/me").status()).isEqualTo(401);
        server.cookie = second;
        assertThat(server.get("/auth/me").status()).isEqualTo(200);
    }

    @Test
    void login_withWrongPassword_isRefusedWithoutSayingWhich() {
        server.accounts.add("ann", Role.ADMIN);

        String known =
                server.post("/auth/login", "{\"username\":\"ann\",\"password\":\"x\"}").body();
        String unknown =
                server.post("/auth/login", "{\"username\":\"eve\",\"password\":\"x\"}").body();

        assertThat(known).isEqualTo(unknown).contains("invalid-credentials");
    }

    @Test
    void login_throttled_saysWhenToTryAgain() {
        server.accounts.add("ann", Role.ADMIN);
        server.accounts.throttle(7);

        Server.Reply reply =
                server.post("/auth/login", "{\"username\":\"ann\",\"password\":\"x\"}");

        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.header("Retry-After")).isEqualTo("7");
        assertThat(reply.json().get("retryAfterSeconds").getAsInt()).isEqualTo(7);
        assertThat(server.counters().get(HttpCounters.Cause.SIGN_IN_THROTTLED)).isEqualTo(1);
    }

    @Test
    void login_whilePasswordsCannotBeVerified_isRefusedWithWords() {
        server.accounts.add("ann", Role.ADMIN);
        server.accounts.loseHashes();

        Server.Reply reply =
                server.post(
                        "/auth/login",
                        "{\"username\":\"ann\",\"password\":\"" + FakeAccounts.PASSWORD + "\"}");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.json().get("detail").getAsString()).contains("is not running");
        assertThat(reply.header("Set-Cookie")).isEmpty();
    }

    @Test
    void password_changedByItsOwner_endsTheOtherSessions() {
        server.signIn("vic", Role.VIEWER);
        String other = server.cookie;
        server.signIn("bob", Role.VIEWER);
        String bob = server.cookie;
        server.signIn("vic", Role.VIEWER);
        String mine = server.cookie;

        assertThat(change(FakeAccounts.PASSWORD, "a longer new password").status()).isEqualTo(204);

        assertThat(server.get("/auth/me").status()).isEqualTo(200);
        server.cookie = other;
        assertThat(server.get("/auth/me").problem()).isEqualTo("not-authenticated");
        server.cookie = bob;
        assertThat(server.get("/auth/me").status()).isEqualTo(200);
        server.cookie = mine;
        assertThat(change(FakeAccounts.PASSWORD, "a third new password").problem())
                .isEqualTo("invalid-credentials");
        assertThat(change("a longer new password", "a third new password").status()).isEqualTo(204);
    }

    @Test
    void password_withoutTheCurrentOne_staysAndGuessesAreThrottled() {
        server.signIn("vic", Role.VIEWER);

        Server.Reply wrong = change("guess", "a longer new password");
        assertThat(wrong.problem()).isEqualTo("invalid-credentials");
        assertThat(wrong.json().get("triesLeft").getAsInt()).isEqualTo(4);
        assertThat(change(FakeAccounts.PASSWORD, "short").problem()).isEqualTo("validation");

        server.accounts.throttle(7);
        assertThat(change(FakeAccounts.PASSWORD, "a longer new password").problem())
                .isEqualTo("throttled");
        server.accounts.throttle(0);
        assertThat(server.get("/auth/me").status()).isEqualTo(200);
        assertThat(change(FakeAccounts.PASSWORD, "a longer new password").status()).isEqualTo(204);
    }

    private Server.Reply change(String current, String wanted) {
        return server.post(
                "/auth/password",
                "{\"currentPassword\":\"" + current + "\",\"newPassword\":\"" + wanted + "\"}");
    }

    @Test
    void logout_endsTheSession() {
        server.signIn("ann", Role.ADMIN);

        assertThat(server.send("POST", "/auth/logout", null).status()).isEqualTo(204);
        assertThat(server.get("/auth/me").problem()).isEqualTo("not-authenticated");
        assertThat(server.send("POST", "/auth/logout", null).status()).isEqualTo(204);
    }

    @Test
    void session_idleForHalfAnHour_ends() {
        server.signIn("ann", Role.ADMIN);
        server.clock.advance(Duration.ofMinutes(29));
        assertThat(server.get("/broker").status()).isEqualTo(200);

        server.clock.advance(Duration.ofMinutes(29));
        assertThat(server.get("/auth/me").status()).isEqualTo(200);
        server.clock.advance(Duration.ofMinutes(2));

        assertThat(server.get("/broker").problem()).isEqualTo("not-authenticated");
    }

    @Test
    void session_afterTwelveHours_endsHoweverActive() {
        server.signIn("ann", Role.ADMIN);
        for (int i = 0; i < 36; i++) {
            server.clock.advance(Duration.ofMinutes(20));
            server.get("/broker");
        }

        assertThat(server.get("/broker").problem()).isEqualTo("not-authenticated");
    }

    @Test
    void session_whenTheRoleChanges_ends() {
        server.signIn("ann", Role.ENGINEER);
        server.accounts.add("ann", Role.VIEWER);
        server.clock.advance(Duration.ofSeconds(6));

        assertThat(server.get("/broker").problem()).isEqualTo("not-authenticated");
    }

    @Test
    void roles_viewerMaySeeButNotChange() {
        server.signIn("vic", Role.VIEWER);

        assertThat(server.get("/credentials").status()).isEqualTo(200);
        assertThat(server.post("/credentials", "{\"description\":\"x\"}").problem())
                .isEqualTo("forbidden");
        assertThat(server.post("/namespace/values:write", "{\"items\":[]}").problem())
                .isEqualTo("forbidden");
        assertThat(server.send("DELETE", "/clients/x", null).problem()).isEqualTo("forbidden");
        assertThat(server.get("/sessions").status()).isEqualTo(200);
        assertThat(server.send("DELETE", "/sessions/x", null).problem()).isEqualTo("forbidden");
    }

    @Test
    void roles_operatorMayPublishButNotMakeCredentials() {
        server.signIn("oli", Role.OPERATOR);

        assertThat(
                        server.post(
                                        "/namespace/values:write",
                                        "{\"items\":[{\"topic\":\"a\",\"payload\":\"1\"}]}")
                                .status())
                .isEqualTo(200);
        assertThat(server.post("/credentials", "{\"description\":\"x\"}").problem())
                .isEqualTo("forbidden");
        assertThat(server.send("DELETE", "/sessions/x", null).problem()).isEqualTo("not-found");
    }

    @Test
    void change_withoutTheHeader_isRefused() {
        server.signIn("ann", Role.ADMIN);

        assertThat(
                        server.send(
                                        "POST",
                                        "/credentials",
                                        "{\"description\":\"x\"}",
                                        "X-Busbar-Request",
                                        "0")
                                .problem())
                .isEqualTo("csrf");
        assertThat(server.credentials.list()).isEmpty();
    }

    @Test
    void change_fromAnotherOrigin_isRefused() throws Exception {
        server.signIn("ann", Role.ADMIN);
        String cookie = "Cookie: " + server.cookie;

        String foreign =
                server.raw(
                        "POST /api/v1/auth/logout HTTP/1.1",
                        "Host: localhost:" + server.port,
                        cookie,
                        "X-Busbar-Request: 1",
                        "Origin: http://evil.example");
        String crossSite =
                server.raw(
                        "POST /api/v1/auth/logout HTTP/1.1",
                        "Host: localhost:" + server.port,
                        cookie,
                        "X-Busbar-Request: 1",
                        "Sec-Fetch-Site: cross-site");
        String own =
                server.raw(
                        "POST /api/v1/auth/logout HTTP/1.1",
                        "Host: localhost:" + server.port,
                        cookie,
                        "X-Busbar-Request: 1",
                        "Origin: http://localhost:" + server.port,
                        "Sec-Fetch-Site: same-origin");

        assertThat(foreign).startsWith("HTTP/1.1 403").contains("problem:csrf");
        assertThat(crossSite).startsWith("HTTP/1.1 403");
        assertThat(own).startsWith("HTTP/1.1 204");
    }

    @Test
    void host_thatIsNotOurs_isRefused() throws Exception {
        assertThat(server.raw("GET /api/v1/health/live HTTP/1.1", "Host: evil.example"))
                .startsWith("HTTP/1.1 421")
                .contains("host-not-allowed");
        assertThat(server.raw("GET /api/v1/health/live HTTP/1.1", "Host: 10.0.0.7:80"))
                .startsWith("HTTP/1.1 421");
        for (String own :
                new String[] {
                    "localhost", "LOCALHOST:8080", "127.0.0.1:9", "[::1]:8080", "busbar.example"
                }) {
            assertThat(server.raw("GET /api/v1/health/live HTTP/1.1", "Host: " + own))
                    .as(own)
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void everyAnswer_carriesTheSecurityHeaders() {
        for (Server.Reply reply :
                new Server.Reply[] {
                    server.get("/health/live"), server.get("/broker"), server.get("/nonsense")
                }) {
            assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
            assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(reply.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(reply.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
            assertThat(reply.header("Content-Security-Policy")).contains("default-src 'none'");
        }
    }

    @Test
    void problems_areRfc9457() {
        Server.Reply reply = server.get("/broker");

        assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
        assertThat(reply.json().keySet()).contains("type", "title", "status", "detail", "instance");
    }

    @Test
    void method_thatIsNotOffered_is405WithAllow() {
        server.signIn("ann", Role.ADMIN);

        Server.Reply reply = server.send("DELETE", "/broker", null);

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).isEqualTo("GET");
    }

    @Test
    void body_tooLargeOrNotJson_isRefused() {
        server.signIn("ann", Role.ADMIN);

        assertThat(
                        server.post(
                                        "/credentials",
                                        "{\"description\":\"" + "x".repeat(1 << 20) + "\"}")
                                .status())
                .isEqualTo(413);
        assertThat(
                        server.send(
                                        "POST",
                                        "/credentials",
                                        "a=b",
                                        "Content-Type",
                                        "application/x-www-form-urlencoded")
                                .status())
                .isEqualTo(415);
        assertThat(server.post("/credentials", "{\"description\":").problem())
                .isEqualTo("malformed-json");
        assertThat(
                        server.post("/credentials", "{\"description\":\"a\",\"description\":\"b\"}")
                                .problem())
                .isEqualTo("malformed-json");
        assertThat(server.post("/credentials", "[]").problem()).isEqualTo("validation");
    }

    @Test
    void missingService_isNamed() {
        server.signIn("ann", Role.ADMIN);
        server.services.credentials(null);
        server.services.namespace(null);

        Server.Reply credentials = server.get("/credentials");
        assertThat(credentials.status()).isEqualTo(503);
        assertThat(credentials.problem()).isEqualTo("unavailable");
        assertThat(credentials.json().get("detail").getAsString())
                .contains("io.busbar.auth.credentials");
        assertThat(server.get("/namespace/tree").json().get("detail").getAsString())
                .contains("io.busbar.uns.registry");

        server.services.accounts(null);
        server.accounts(null);
        server.cookie = null;
        assertThat(
                        server.post("/auth/login", "{\"username\":\"a\",\"password\":\"b\"}")
                                .json()
                                .get("detail")
                                .getAsString())
                .contains("io.busbar.auth.users");
    }
}
