package io.busbar.mqtt.transport.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.api.broker.ListenerView;
import io.busbar.mqtt.codec.ConnAck;
import io.busbar.mqtt.codec.PingReq;
import io.busbar.mqtt.codec.PingResp;
import io.busbar.mqtt.transport.loops.EventLoops;
import io.busbar.testkit.client.Packets;
import io.busbar.testkit.client.RawClient;
import io.busbar.testkit.config.Configs;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A listener on a Unix domain socket, with real ones. */
@EnabledOnOs(OS.LINUX)
@Timeout(30)
class UnixSocketTest {
    @TempDir private Path folder;

    private final FakeBroker broker = new FakeBroker();
    private final ListenerRegistry registry = new ListenerRegistry();
    private final List<Runnable> stops = new ArrayList<>();
    private Path file = Path.of("");

    @BeforeEach
    void file() {
        file = folder.resolve("mqtt.sock");
    }

    private Listener listener(String io, Object... keys) {
        EventLoops loops =
                new EventLoops(
                        FakeBroker.MEMORY,
                        Configs.of(EventLoops.Config.class, "threads", 1, "io", io));
        stops.add(0, loops::stop);
        Listener listener = new Listener(loops, broker, registry, config(keys));
        stops.add(0, listener::stop);
        return listener;
    }

    private ListenerConfig config(Object... keys) {
        List<Object> all = new ArrayList<>(List.of("host", "unix:" + file));
        all.addAll(Arrays.asList(keys));
        return Configs.of(ListenerConfig.class, all.toArray());
    }

    private String permissions() throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private void isServed() throws IOException {
        try (RawClient client = RawClient.to(file)) {
            client.send(Packets.connect(), PingReq.INSTANCE);

            assertThat(client.receive()).isInstanceOf(ConnAck.class);
            assertThat(client.receive()).isInstanceOf(PingResp.class);
        }
    }

    private void leaveSocketBehind() throws IOException {
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(file));
        }
        assertThat(file).exists();
    }

    @AfterEach
    void stop() {
        stops.forEach(Runnable::run);
    }

    @Test
    void packets_travel_andTheClientIsOnThisMachine() throws Exception {
        Listener listener = listener("auto");

        isServed();
        assertThat(broker.link().remoteAddress().getAddress().isLoopbackAddress()).isTrue();
        assertThat(listener.view().state()).isEqualTo(ListenerView.State.LISTENING);
        assertThat(listener.view().uri()).isEqualTo("unix:" + file);
    }

    @ParameterizedTest
    @CsvSource({"0600, rw-------", "0660, rw-rw----", "666, rw-rw-rw-"})
    void socketMode_decidesWhoMayConnect(String mode, String expected) throws Exception {
        listener("auto", "socket_mode", mode);

        assertThat(permissions()).isEqualTo(expected);
    }

    @Test
    void socketMode_notSet_isTheOwnerOnly() throws Exception {
        listener("auto");

        assertThat(permissions()).isEqualTo("rw-------");
    }

    @Test
    void modified_otherMode_connectionsStay() throws Exception {
        Listener listener = listener("auto");
        try (RawClient client = RawClient.to(file)) {
            client.send(Packets.connect());
            assertThat(client.receive()).isInstanceOf(ConnAck.class);

            listener.modified(config("socket_mode", "0660"));

            assertThat(permissions()).isEqualTo("rw-rw----");
            client.send(PingReq.INSTANCE);
            assertThat(client.receive()).isInstanceOf(PingResp.class);
            isServed();
        }
    }

    @Test
    void stop_removesTheFile() {
        Listener listener = listener("auto");

        listener.stop();

        assertThat(file).doesNotExist();
    }

    @Test
    void bind_fileOfAKilledProcess_isReplaced() throws Exception {
        leaveSocketBehind();

        listener("auto");

        isServed();
    }

    @Test
    void bind_fileIsServed_isAState_andTheOtherServesOn() throws Exception {
        listener("auto");

        Listener second = listener("auto");

        assertThat(second.view().state()).isEqualTo(ListenerView.State.FAILED);
        assertThat(second.view().detail()).contains(file.toString(), "another program listens");
        second.stop();
        isServed();
    }

    @Test
    void bind_fileIsNoSocket_isAState_andTheFileStays() throws Exception {
        Files.writeString(file, "precious");

        Listener listener = listener("auto");

        assertThat(listener.view().state()).isEqualTo(ListenerView.State.FAILED);
        assertThat(listener.view().detail()).contains(file.toString(), "no socket");
        listener.stop();
        assertThat(file).hasContent("precious");
    }

    @Test
    void bind_folderIsMissing_isAStateThatSaysSo() {
        file = folder.resolve("none").resolve("mqtt.sock");

        Listener listener = listener("auto");

        assertThat(listener.view().state()).isEqualTo(ListenerView.State.FAILED);
        assertThat(listener.view().detail()).contains(file.toString(), "folder");
    }

    @Test
    void bind_withoutEpoll_isAStateThatSaysSo() {
        Listener listener = listener("nio");

        assertThat(listener.view().state()).isEqualTo(ListenerView.State.FAILED);
        assertThat(listener.view().detail()).contains("epoll", "io.busbar.mqtt.loops.cfg");
    }

    @ParameterizedTest
    @CsvSource({
        "host, unix:mqtt.sock, unix:/path",
        "transport, ws, tcp",
        "socket_mode, rw, octal",
        "socket_mode, 0999, octal",
    })
    void configuration_isWrong_theDetailSaysWhatIsExpected(
            String key, String value, String expected) {
        Listener listener = listener("auto", key, value);

        assertThat(listener.view().state()).isEqualTo(ListenerView.State.FAILED);
        assertThat(listener.view().detail()).contains(value, expected);
    }

    @Test
    void proxyHeader_saysWhereAClientComesFrom_orNothing() throws Exception {
        listener("auto", "proxy_protocol", true);

        for (String line :
                List.of("PROXY TCP4 192.0.2.7 192.0.2.1 4711 1883\r\n", "PROXY UNKNOWN\r\n")) {
            try (RawClient client = RawClient.to(file)) {
                client.send(line.getBytes(StandardCharsets.US_ASCII)).send(Packets.connect());

                assertThat(client.receive()).isInstanceOf(ConnAck.class);
            }
        }
        assertThat(broker.link().remoteAddress().toString()).isEqualTo("/192.0.2.7:4711");
        assertThat(broker.link().remoteAddress().getAddress().isLoopbackAddress()).isTrue();
    }

    @Test
    void limits_countClients_andSayWhy() throws Exception {
        listener("auto", "max_connections_per_address", 1);
        try (RawClient first = RawClient.to(file);
                RawClient second = RawClient.to(file)) {
            first.send(Packets.connect());
            second.send(Packets.connect());

            assertThat(first.receive()).isInstanceOf(ConnAck.class);
            assertThat(second.receive())
                    .isInstanceOfSatisfying(
                            ConnAck.class,
                            refusal -> assertThat(refusal.reasonCode().isError()).isTrue());
        }
    }
}
