package io.busbar.api.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenerViewTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, mqtt://127.0.0.1:1883",
        "plant, mqtt://plant:1883",
        "::1, mqtt://[::1]:1883",
        "[::1], mqtt://[::1]:1883",
        "unix:/run/busbar.sock, unix:/run/busbar.sock",
        "fe80::1%eth0, mqtt://[fe80::1%25eth0]:1883",
    })
    void uri_bracketsAnAddressOfIpv6Once(String host, String uri) {
        assertThat(view(host).uri()).isEqualTo(uri);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, true",
        "127.8.0.1, true",
        "localhost, true",
        "::1, true",
        "[::1], true",
        "0:0:0:0:0:0:0:1, true",
        "unix:/run/busbar.sock, true",
        "0.0.0.0, false",
        "::, false",
        "192.168.1.1, false",
        "'', false",
        "127.0.0.1.example.org, false",
    })
    void isLocal_ofAddressesOfThisMachineAlone(String host, boolean local) {
        assertThat(view(host).isLocal()).isEqualTo(local);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "[::]", ""})
    void reachableUri_ofEveryAddress_isOneThatAClientCanConnectTo(String host) throws Exception {
        URI uri = new URI(view(host).reachableUri());

        assertThat(view(host).isEverywhere()).isTrue();
        assertThat(InetAddress.getByName(uri.getHost()).isAnyLocalAddress()).isFalse();
        assertThat(uri.getPort()).isEqualTo(1883);
        assertThat(view("10.0.0.7").reachableUri()).isEqualTo("mqtt://10.0.0.7:1883");
        assertThat(view("unix:/run/busbar.sock").reachableUri()).isEqualTo("unix:/run/busbar.sock");
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, mqtt.plant.example, 31883, mqtt://mqtt.plant.example:31883",
        "127.0.0.1, fd00::7, 0, mqtt://[fd00::7]:1883",
        "10.0.0.7, '', 31883, mqtt://10.0.0.7:31883",
        "10.0.0.7, '', 0, mqtt://10.0.0.7:1883",
        "unix:/run/busbar.sock, plant, 5, unix:/run/busbar.sock",
    })
    void clientUri_isWhatIsAdvertised_elseWhereItListens(
            String host, String advertised, int port, String uri) {
        ListenerView view =
                new ListenerView(
                        "tcp",
                        Transport.TCP,
                        host,
                        1883,
                        "",
                        ListenerView.State.LISTENING,
                        "",
                        0,
                        0,
                        false,
                        null,
                        advertised,
                        port);

        assertThat(view.clientUri()).isEqualTo(uri);
        assertThat(view.uri()).isEqualTo(view(host).uri());
    }

    private static ListenerView view(String host) {
        return new ListenerView(
                "tcp", Transport.TCP, host, 1883, "", ListenerView.State.LISTENING, "", 0);
    }
}
