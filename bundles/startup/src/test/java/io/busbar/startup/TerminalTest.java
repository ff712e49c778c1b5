package io.busbar.startup;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.ListenerView;
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
                        "http://127.0.0.1:8080/"),
                null);

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "Busbar 1 is running. Ctrl-C stops it.",
                        "  MQTT            mqtt://[fd00::1]:1884  (through a proxy only)",
                        "  MQTT            mqtt://[fd00::1]:1883",
                        "  Console         http://127.0.0.1:8080/");
    }

    private static ListenerView listener(String name, int port, boolean proxied) {
        return new ListenerView(
                name,
                Transport.TCP,
                "fd00::1",
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
