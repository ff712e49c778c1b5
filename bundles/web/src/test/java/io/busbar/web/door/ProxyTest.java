package io.busbar.web.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.busbar.api.accounts.Role;
import io.busbar.web.http.Answer;
import io.busbar.web.http.HttpWing;
import io.busbar.web.http.Request;
import io.busbar.web.http.Router;
import io.busbar.web.testkit.WebServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a proxy that is trusted says counts, and what others say does not. */
class ProxyTest {
    /** In the tests' server this one is trusted. */
    private static final String PROXY = "127.0.0.2";

    private final WebServer server = new WebServer();

    /** Tells how it sees who asks. */
    private static final class Mirror implements HttpWing {
        @Override
        public String path() {
            return "/mirror";
        }

        @Override
        public void addTo(Router router) {
            router.open("GET", "/seen", Mirror::seen)
                    .add("POST", "/change", Role.ENGINEER, request -> Answer.noContent());
        }

        private static Answer seen(Request request) {
            return Answer.text(
                    "text/plain",
                    request.remoteAddress() + " " + request.secure() + " " + request.host());
        }
    }

    @BeforeEach
    void start() throws Exception {
        server.start(new Mirror());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private String raw(String from, String... lines) throws IOException {
        try (Socket socket =
                new Socket(
                        InetAddress.getByName("127.0.0.1"),
                        server.port(),
                        InetAddress.getByName(from),
                        0)) {
            socket.setSoTimeout(5000);
            socket.getOutputStream()
                    .write(
                            (String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void proxyThatIsTrusted_saysWhoAsksAndHow() throws Exception {
        assertThat(
                        raw(
                                PROXY,
                                "GET /mirror/seen HTTP/1.1",
                                "Host: 127.0.0.1:8080",
                                "X-Forwarded-For: 6.6.6.6, 192.0.2.7, 10.1.2.3",
                                "X-Forwarded-Proto: https",
                                "X-Forwarded-Host: busbar.example"))
                .endsWith("192.0.2.7 true busbar.example")
                .contains("Strict-Transport-Security");
    }

    @Test
    void anybodyElse_isNotBelieved() throws Exception {
        assertThat(
                        raw(
                                "127.0.0.1",
                                "GET /mirror/seen HTTP/1.1",
                                "Host: localhost",
                                "X-Forwarded-For: 192.0.2.7",
                                "X-Forwarded-Proto: https",
                                "X-Forwarded-Host: busbar.example"))
                .endsWith("127.0.0.1 false localhost")
                .doesNotContain("Strict-Transport-Security");
    }

    @ParameterizedTest
    @CsvSource({
        "unknown, 127.0.0.2",
        "'', 127.0.0.2",
        "'192.0.2.7:4711', 192.0.2.7",
        "'[2001:db8::7]:4711', 2001:db8:0:0:0:0:0:7",
        "'192.0.2.7, nonsense', 127.0.0.2",
        "'10.0.0.1, 10.0.0.2', 10.0.0.1"
    })
    void client_isTheLastThatNoProxyOfOursIs(String header, String client) throws Exception {
        assertThat(
                        raw(
                                PROXY,
                                "GET /mirror/seen HTTP/1.1",
                                "Host: localhost",
                                "X-Forwarded-For: " + header))
                .endsWith(client + " false localhost");
    }

    /** The proxy is trusted about others, not about the names of this server. */
    @Test
    void hostThatAProxyForwards_isChecked() throws Exception {
        assertThat(
                        raw(
                                PROXY,
                                "GET /mirror/seen HTTP/1.1",
                                "Host: localhost",
                                "X-Forwarded-Host: evil.example"))
                .startsWith("HTTP/1.1 421")
                .contains("allowed.hosts");
    }

    @ParameterizedTest
    @CsvSource({
        // page, what the proxy asks for, what it says the browser asked for
        "https://busbar.example, busbar.example, ''",
        "https://busbar.example, 127.0.0.1:8080, ''",
        "https://busbar.example:8443, 127.0.0.1:8080, busbar.example:8443",
        "https://busbar.example, localhost, busbar.example",
    })
    void change_fromAPageOfANamedHost_passes(String origin, String host, String forwarded)
            throws Exception {
        server.signIn("eve", Role.ENGINEER);

        assertThat(change(PROXY, origin, host, forwarded)).startsWith("HTTP/1.1 204");
    }

    @ParameterizedTest
    @CsvSource({
        "https://evil.example, busbar.example, ''",
        "http://localhost:3000, localhost:8080, ''",
        "http://busbar.machine:3000, busbar.machine, ''",
        "null, localhost, ''",
    })
    void change_fromAnotherPage_isRefused_andSaysWhatToSet(
            String origin, String host, String forwarded) throws Exception {
        server.signIn("eve", Role.ENGINEER);

        assertThat(change("127.0.0.1", origin, host, forwarded))
                .startsWith("HTTP/1.1 403")
                .contains("allowed.hosts in etc/io.busbar.web.cfg");
    }

    private String change(String from, String origin, String host, String forwarded)
            throws IOException {
        return raw(
                from,
                "POST /mirror/change HTTP/1.1",
                "Host: " + host,
                "X-Forwarded-Host: " + forwarded,
                "Cookie: " + server.cookie,
                "X-Busbar-Request: 1",
                "Origin: " + origin,
                "Content-Length: 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy.example", "10.0.0.0/33", "10.0.0.0/x", "10.0.0", "/8"})
    void trustedProxy_thatIsNoAddress_isRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrustedProxies(List.of(text)))
                .withMessageContaining("trusted.proxies: " + text);
    }

    @Test
    void twoServersOnOneHost_haveCookiesOfTheirOwn() {
        var one = new io.busbar.web.session.SessionCookie("a1");
        var other = new io.busbar.web.session.SessionCookie("b2");

        assertThat(one.set(false, "x")).startsWith("busbar_session_a1=x;");
        assertThat(other.set(true, "x")).startsWith("__Host-busbar_session_b2=x;");
    }
}
