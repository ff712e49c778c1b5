package io.busbar.api.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenerViewTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, mqtt://127.0.0.1:1883",
        "plant, mqtt://plant:1883",
        "::1, mqtt://[::1]:1883",
        "[::1], mqtt://[::1]:1883",
        "unix:/run/busbar.sock, unix:/run/busbar.sock",
    })
    void uri_bracketsAnAddressOfIpv6Once(String host, String uri) {
        ListenerView view =
                new ListenerView(
                        "tcp", Transport.TCP, host, 1883, "", ListenerView.State.LISTENING, "", 0);

        assertThat(view.uri()).isEqualTo(uri);
    }
}
