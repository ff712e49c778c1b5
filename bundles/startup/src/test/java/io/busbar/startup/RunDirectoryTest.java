package io.busbar.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.busbar.api.broker.ListenerView;
import io.busbar.api.broker.MachineAddresses;
import io.busbar.api.broker.Transport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {

    @TempDir Path folder;

    @Test
    void writeEndpoints_actualPorts_forTheOwnerOnly() throws Exception {
        RunDirectory run = new RunDirectory(folder.resolve("run"));
        run.claim();
        ListenerView tcp =
                new ListenerView(
                        "tcp",
                        Transport.TCP,
                        "127.0.0.1",
                        40123,
                        "",
                        ListenerView.State.LISTENING,
                        "",
                        7);

        run.writeEndpoints(Addresses.of(List.of(tcp), "http://127.0.0.1:40124/", List.of()));

        Path file = folder.resolve("run/endpoints.json");
        JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        assertThat(json.get("console").getAsString()).isEqualTo("http://127.0.0.1:40124/");
        JsonObject listener = json.getAsJsonArray("mqtt").get(0).getAsJsonObject();
        assertThat(listener.get("uri").getAsString()).isEqualTo("mqtt://127.0.0.1:40123");
        assertThat(listener.get("port").getAsInt()).isEqualTo(40123);
        assertThat(listener.get("proxyProtocol").getAsBoolean()).isFalse();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    /** The setting stays as it is; what programs are given is an address that there is. */
    @Test
    void writeEndpoints_boundToEveryAddress_namesOneToConnectTo() throws Exception {
        RunDirectory run = new RunDirectory(folder.resolve("run"));
        run.claim();
        ListenerView everywhere =
                new ListenerView(
                        "ws",
                        Transport.WEBSOCKET,
                        "0.0.0.0",
                        8083,
                        "/mqtt",
                        ListenerView.State.LISTENING,
                        "",
                        0);

        run.writeEndpoints(Addresses.of(List.of(everywhere), null, List.of()));

        JsonObject listener =
                JsonParser.parseString(Files.readString(folder.resolve("run/endpoints.json")))
                        .getAsJsonObject()
                        .getAsJsonArray("mqtt")
                        .get(0)
                        .getAsJsonObject();
        assertThat(listener.get("host").getAsString()).isEqualTo("0.0.0.0");
        assertThat(listener.get("uri").getAsString())
                .isEqualTo("ws://" + MachineAddresses.of("0.0.0.0").get(0) + ":8083/mqtt");
    }

    @Test
    void claim_whileAnotherHoldsIt_isRefused() throws Exception {
        RunDirectory first = new RunDirectory(folder.resolve("run"));
        first.claim();

        assertThatThrownBy(() -> new RunDirectory(folder.resolve("run")).claim())
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("another Busbar is using " + folder);

        first.close();
        RunDirectory next = new RunDirectory(folder.resolve("run"));
        next.claim();
        next.close();
    }

    @Test
    void close_removesWhatIsNotTrueAnyMore() throws Exception {
        RunDirectory run = new RunDirectory(folder.resolve("run"));
        run.claim();
        run.writeSetupLink("http://127.0.0.1:1/setup#x");
        run.writeEndpoints(Addresses.of(List.of(), null, List.of()));

        run.close();

        assertThat(folder.resolve("run/endpoints.json")).doesNotExist();
        assertThat(folder.resolve("run/setup-link")).doesNotExist();
    }

    @Test
    void close_removesOnlyTheNumberOfThisProcess() throws Exception {
        RunDirectory run = new RunDirectory(folder.resolve("run"));
        run.claim();
        Files.writeString(folder.resolve("run/pid"), ProcessHandle.current().pid() + "\n");
        Files.writeString(folder.resolve("run/karaf.pid"), "1");

        run.close();

        assertThat(folder.resolve("run/pid")).doesNotExist();
        assertThat(folder.resolve("run/karaf.pid")).hasContent("1");
    }
}
