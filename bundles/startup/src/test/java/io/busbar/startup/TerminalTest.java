package io.busbar.startup;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.MachineAddresses;
import io.busbar.api.broker.Transport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    private final Terminal terminal = new Terminal(stream, stream);

    @Test
    void started_namesAddresses_andWhichOfThemAreForProxies() {
        terminal.started(
                "1",
                Addresses.of(
                        List.of(listener("a", 1884, true), listener("b", 1883, false)),
                        "http://127.0.0.1:8080/",
                        List.of()),
                null);

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "Busbar 1 is running. Ctrl-C stops it.",
                        "  MQTT            mqtt://[fd00::1]:1884  (through a proxy only)",
                        "  MQTT            mqtt://[fd00::1]:1883",
                        "  Console         http://127.0.0.1:8080/");
    }

    /** Nobody can connect to 0.0.0.0: it is told as the setting that it is. */
    @Test
    void started_boundToEveryAddress_namesThoseToConnectTo() {
        terminal.started(
                "1",
                Addresses.of(
                        List.of(listener("a", "0.0.0.0", 1883, false)),
                        "http://127.0.0.1:8080/",
                        List.of("10.0.0.7", "10.0.0.8", "10.0.0.9", "10.0.0.10", "10.0.0.11")),
                null);

        String first = MachineAddresses.of("0.0.0.0").get(0);
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .anyMatch(line -> line.startsWith("  MQTT            mqtt://" + first + ":1883  ("))
                .anyMatch(line -> line.endsWith("bound to every address: 0.0.0.0)"))
                .contains(
                        "  Console         http://127.0.0.1:8080/  (also at 10.0.0.7, 10.0.0.8,"
                                + " 10.0.0.9, 10.0.0.10 and more)")
                .noneMatch(line -> line.contains("//0.0.0.0"));
    }

    @Test
    void addressThatClientsAreTold_isTheOneThatIsAdvertised() {
        ListenerView listener =
                new ListenerView(
                        "a",
                        Transport.TCP,
                        "0.0.0.0",
                        1883,
                        "",
                        ListenerView.State.LISTENING,
                        "",
                        0,
                        0,
                        false,
                        null,
                        "mqtt.plant.example",
                        31883);

        terminal.started("1", Addresses.of(List.of(listener), null, List.of()), null);

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .contains(
                        "  MQTT            mqtt://mqtt.plant.example:31883  (here"
                                + " mqtt://0.0.0.0:1883)");
    }

    private static ListenerView listener(String name, int port, boolean proxied) {
        return listener(name, "fd00::1", port, proxied);
    }

    private static ListenerView listener(String name, String host, int port, boolean proxied) {
        return new ListenerView(
                name,
                Transport.TCP,
                host,
                port,
                "",
                ListenerView.State.LISTENING,
                "",
                3,
                0,
                proxied,
                null);
    }
}
