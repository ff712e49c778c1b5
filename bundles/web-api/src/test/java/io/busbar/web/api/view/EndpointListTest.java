package io.busbar.web.api.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.Listeners;
import io.busbar.api.broker.MachineAddresses;
import io.busbar.api.broker.Transport;
import io.busbar.web.api.backend.FakeBackend;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointListTest {
    private static final Instant EXPIRES = Instant.parse("2027-01-01T00:00:00Z");
    private static final String ELSEWHERE = "198.51.100.7";

    private final List<ListenerView> listeners = new ArrayList<>();
    private final FakeBackend backend = new FakeBackend();
    private final EndpointList endpoints = new EndpointList(backend.services);

    EndpointListTest() {
        backend.listeners(
                new Listeners() {
                    @Override
                    public List<ListenerView> list() {
                        return listeners;
                    }

                    @Override
                    public @Nullable String authorities(String listener) {
                        return listener.equals("tls") ? "PEM" : null;
                    }
                });
    }

    private void listens(String name, Transport transport, String host, int port) {
        listens(name, transport, host, port, false);
    }

    private void listens(String name, Transport transport, String host, int port, boolean proxied) {
        listeners.add(
                new ListenerView(
                        name,
                        transport,
                        host,
                        port,
                        transport.isWebSocket() ? "/mqtt" : "",
                        ListenerView.State.LISTENING,
                        "",
                        0,
                        0,
                        proxied,
                        transport.isSecure() ? EXPIRES : null));
    }

    private EndpointList.Endpoint chosen(String callerAddress) {
        return chosen(callerAddress, null);
    }

    private EndpointList.Endpoint chosen(String callerAddress, @Nullable String scheme) {
        return EndpointList.forClient(endpoints.all("plant", callerAddress), scheme);
    }

    @Test
    void forClient_isNoListenerOfAProxy() {
        listens("a-proxy", Transport.TCP, "0.0.0.0", 1884, true);
        listens("b", Transport.TCP, "0.0.0.0", 1883);

        assertThat(chosen(ELSEWHERE).url()).isEqualTo("mqtt://plant:1883");
        assertThat(chosen(ELSEWHERE, "mqtt").url()).isEqualTo("mqtt://plant:1883");
        assertThat(chosen(ELSEWHERE).warning()).isNull();
    }

    @Test
    void forClient_elsewhere_isNoListenerOfTheServerAlone() {
        listens("a", Transport.TLS, "127.0.0.1", 8883);
        listens("b", Transport.WEBSOCKET, "0.0.0.0", 8083);

        assertThat(chosen(ELSEWHERE).url()).isEqualTo("ws://plant:8083/mqtt");
        assertThat(chosen("127.0.0.1").url()).isEqualTo("mqtts://127.0.0.1:8883");
        assertThat(chosen("::1").url()).isEqualTo("mqtts://127.0.0.1:8883");
    }

    /** A browser on the server that uses its name comes from its address in the network. */
    @Test
    void forClient_atAnAddressOfTheServer_isTheServerToo() throws Exception {
        listens("a", Transport.TCP, "127.0.0.1", 1883);

        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            for (InetAddress own : each.inetAddresses().toList()) {
                assertThat(chosen(own.getHostAddress()).reach())
                        .as(own.toString())
                        .isEqualTo(EndpointList.Reach.DIRECT);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TCP TLS WEBSOCKET SECURE_WEBSOCKET, mqtts",
        "TCP WEBSOCKET SECURE_WEBSOCKET, mqtt",
        "WEBSOCKET SECURE_WEBSOCKET, wss",
        "WEBSOCKET, ws",
        "'', mqtt",
    })
    void forClient_prefersTls(String transports, String scheme) {
        for (String each : transports.split(" ")) {
            if (!each.isEmpty()) {
                listens(each, Transport.valueOf(each), "0.0.0.0", 1000);
            }
        }

        assertThat(chosen(ELSEWHERE).transport().scheme()).isEqualTo(scheme);
    }

    /** The web server in front of it has the certificate; the listener behind is for it alone. */
    @Test
    void forClient_elsewhere_isNotWhatAReverseProxyIsFor() {
        listens("wss-behind", Transport.WEBSOCKET, "127.0.0.1", 8083);
        listens("wss-proxied", Transport.SECURE_WEBSOCKET, "0.0.0.0", 8084, true);
        listens("tcp", Transport.TCP, "0.0.0.0", 1883);

        assertThat(chosen(ELSEWHERE).url()).isEqualTo("mqtt://plant:1883");
        assertThat(chosen(ELSEWHERE, "ws").warning()).contains("from the server itself only");
        assertThat(chosen(ELSEWHERE, "wss").warning()).contains("PROXY protocol");
        assertThat(chosen("127.0.0.1", "wss").warning()).contains("PROXY protocol");
    }

    private static ListenerView advertised(String host, boolean proxied, String to, int port) {
        return new ListenerView(
                "a",
                Transport.TCP,
                host,
                1883,
                "",
                ListenerView.State.LISTENING,
                "",
                0,
                0,
                proxied,
                null,
                to,
                port);
    }

    /** In a container, behind NAT, behind a proxy: only its configuration knows. */
    @Test
    void forClient_isWhatAListenerAdvertises() {
        listeners.add(advertised("127.0.0.1", true, "mqtt.plant.example", 31883));

        assertThat(chosen(ELSEWHERE).url()).isEqualTo("mqtt://mqtt.plant.example:31883");
        assertThat(chosen(ELSEWHERE).warning()).isNull();
        listeners.clear();
        listeners.add(advertised("0.0.0.0", false, "", 31883));
        assertThat(chosen(ELSEWHERE).url()).isEqualTo("mqtt://plant:31883");
    }

    @Test
    void forClient_ofSeveralListenersOfOneKind_isTheOneThatTheReaderCanUse() {
        listens("a-local", Transport.TLS, "::1", 8883);
        listens("b-proxy", Transport.TLS, "::", 8884, true);
        listeners.add(
                new ListenerView(
                        "c-failed",
                        Transport.TLS,
                        "::",
                        8885,
                        "",
                        ListenerView.State.FAILED,
                        "no certificate",
                        0));
        listens("d", Transport.TLS, "fd00::5", 8886);
        listens("tls", Transport.TLS, "::", 8887);

        for (String scheme : new String[] {null, "mqtts"}) {
            assertThat(chosen(ELSEWHERE, scheme).url()).isEqualTo("mqtts://[fd00::5]:8886");
            assertThat(chosen("::1", scheme).url()).isEqualTo("mqtts://[::1]:8883");
        }
        assertThat(endpoints.all("plant", ELSEWHERE))
                .filteredOn(each -> each.transport() == Transport.TLS)
                .extracting(EndpointList.Endpoint::port)
                .containsExactly(8886, 8887, 8883, 8884, 8885);
    }

    /** A browser that was sent to such an address must not hand it on to a device. */
    @ParameterizedTest
    @CsvSource({"0.0.0.0, 0.0.0.0", "::, [::]"})
    void all_ofAListenerOnEveryAddress_neverHaveAHostThatIsNone(String bound, String caller) {
        listens("a", Transport.TCP, bound, 1883);

        assertThat(endpoints.all(caller, "127.0.0.1").get(0).host())
                .isEqualTo(MachineAddresses.of(bound).get(0));
    }

    /** Better than nothing: the file says what has to be changed. */
    @Test
    void forClient_whereNothingCanBeReached_warns() {
        listens("a", Transport.TCP, "0.0.0.0", 1884, true);
        assertThat(chosen(ELSEWHERE).warning()).contains("proxy");

        listens("b", Transport.TCP, "localhost", 1883);
        assertThat(chosen(ELSEWHERE).port()).isEqualTo(1883);
        assertThat(chosen(ELSEWHERE).warning()).contains("loopback");

        listeners.clear();
        assertThat(chosen(ELSEWHERE).warning()).contains("not listen");
    }

    @Test
    void all_sayWhatClientsHaveToTrust() {
        listens("tls", Transport.TLS, "0.0.0.0", 8883);
        listens("wss", Transport.SECURE_WEBSOCKET, "0.0.0.0", 8084);

        List<EndpointList.Endpoint> all = endpoints.all("plant", ELSEWHERE);

        assertThat(all)
                .extracting(EndpointList.Endpoint::authorities)
                .containsExactly(null, "PEM", null, null);
        JsonObject tls = all.get(1).toJson();
        assertThat(tls.get("authorities").getAsString()).isEqualTo("PEM");
        assertThat(Instant.parse(tls.get("certificateExpiresAt").getAsString())).isEqualTo(EXPIRES);
        assertThat(tls.get("reach").getAsString()).isEqualTo("DIRECT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "[::]", ""})
    void all_ofAListenerOnEveryAddress_haveTheHostOfTheCaller(String bound) {
        listens("a", Transport.TCP, bound, 1883);

        assertThat(endpoints.all("[fd00::1]", ELSEWHERE).get(0).url())
                .isEqualTo("mqtt://[fd00::1]:1883");
    }
}
