package io.busbar.itests.karaf;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The archive as a process: its script, its data folder, its way to start, refuse and stop. */
public class ServerIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    private static final String BOOTSTRAP =
            """
            {"admin": {"username": "root", "password": "correct horse battery"},
             "credentials": [
               {"description": "Line 1", "clientId": "line1", "username": "line1",
                "password": "line1-password", "clientIdPolicy": "EXACT",
                "acl": [{"effect": "ALLOW", "action": "BOTH", "filter": "#"}]}],
             "namespace": [
               {"name": "plant", "type": "PATH", "children": [
                 {"name": "Metric", "type": "PATH", "children": [
                   {"name": "speed", "type": "TOPIC", "topicType": "METRIC",
                    "fields": [{"name": "value", "type": "DOUBLE", "unit": "m/s"}]}]}]}]}
            """;

    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void restart_withoutTheBootstrapFile_keepsCredentialsAccountsAndNamespace()
            throws Exception {
        Path data = folder.getRoot().toPath().resolve("data");
        Path file = folder.newFile("bootstrap.json").toPath();
        Files.writeString(file, BOOTSTRAP);

        try (Server server = Server.start(data, "--bootstrap", file.toString())) {
            assertFalse(server.output(), server.output().contains("setup#"));
            int port = server.endpoints().mqtt();
            assertEquals(0, connect(port, "line1", "line1", "line1-password"));
            assertEquals(5, connect(port, "line1", "line1", "wrong"));
            assertEquals(
                    "only the three ports of the product",
                    Set.of(port, server.endpoints().webSocket(), server.endpoints().http()),
                    listeningPorts(server.pid()));
            try (MqttSocket client = MqttSocket.v5(port)) {
                assertEquals(0, client.connect("line1", "line1", "line1-password"));
                server.stop();
                assertEquals("Server shutting down", 0x8B, client.disconnected());
            }
            assertFalse(Files.exists(Endpoints.file(data)));
        }

        try (Server server = Server.start(data)) {
            assertFalse(server.output(), server.output().contains("setup#"));
            assertEquals(0, connect(server.endpoints().mqtt(), "line1", "line1", "line1-password"));
            Console console = new Console(server.endpoints().console());
            console.signIn("root", "correct horse battery");
            String tree = console.get("api/v1/namespace/tree");
            assertTrue(tree, tree.contains("plant"));
            server.stop();
        }
    }

    @Test
    public void start_firstTime_printsAddressesAndOneSetupLink() throws Exception {
        Path data = folder.getRoot().toPath().resolve("data");

        try (Server server = Server.start(data)) {
            Await.until("setup link", SOON, () -> server.output().contains("setup#"));
            String output = server.output();
            Endpoints endpoints = server.endpoints();
            assertTrue(output, output.contains("mqtt://127.0.0.1:" + endpoints.mqtt()));
            assertTrue(output, output.contains("ws://127.0.0.1:" + endpoints.webSocket()));
            assertTrue(output, output.contains(endpoints.console()));
            assertEquals(
                    "0600",
                    "rw-------",
                    java.nio.file.attribute.PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(data.resolve("run/setup-link"))));
            assertEquals("anonymous is refused", 5, connect(endpoints.mqtt(), "x", null, null));
            server.stop();
        }
    }

    @Test
    public void listener_droppedIntoEtc_listensAndGoes() throws Exception {
        Path data = folder.getRoot().toPath().resolve("data");

        try (Server server = Server.start(data)) {
            Path file = data.resolve("etc/io.busbar.mqtt.listener-second.cfg");
            Files.writeString(file, "name = second\ntransport = tcp\nhost = 127.0.0.1\nport = 0\n");
            Await.until(
                    "second listener",
                    SOON,
                    () -> Files.readString(Endpoints.file(data)).contains("\"second\""));
            assertEquals(4, listeningPorts(server.pid()).size());
            Files.delete(file);
            Await.until("closed", SOON, () -> listeningPorts(server.pid()).size() == 3);
            server.stop();
        }
    }

    @Test
    public void badLinesInTheFilesOfARunningServer_areToldAndDisturbNobody() throws Exception {
        Path data = folder.getRoot().toPath().resolve("data");
        Path file = folder.newFile("bootstrap.json").toPath();
        Files.writeString(file, BOOTSTRAP);

        try (Server server = Server.start(data, "--bootstrap", file.toString());
                MqttSocket client = MqttSocket.v5(server.endpoints().mqtt())) {
            assertEquals(0, client.connect("line1", "line1", "line1-password"));
            Path broker = data.resolve("etc/io.busbar.mqtt.broker.cfg");
            String good = Files.readString(broker);
            String[] told = {
                "max.packet.size = 50", "max.inflight = 0", "retain.available = maybe"
            };
            for (String bad : told) {
                Files.writeString(broker, good + "\n" + bad + "\n");
                String line = "etc/io.busbar.mqtt.broker.cfg: " + bad + " is not used: allowed is ";
                Await.until(bad, SOON, () -> server.output().contains(line));
                client.ping();
                String health =
                        new Console(server.endpoints().console()).get("api/v1/health/ready");
                assertTrue(health, health.contains("DEGRADED") && health.contains(line));
            }
            Files.writeString(broker, good + "\nmax.paket.size = 5000\n");
            Await.until(
                    "unknown key",
                    SOON,
                    () -> server.output().contains("max.paket.size is not used: no such key"));
            client.ping();
            server.stop();
        }

        Files.writeString(data.resolve("etc/io.busbar.mqtt.loops.cfg"), "threads = two\n");
        try (Server server = Server.launch(data, "--http-port", "0")) {
            assertEquals(1, server.exitCode(SOON));
            assertTrue(
                    server.output(),
                    server.output()
                            .contains(
                                    "etc/io.busbar.mqtt.loops.cfg: threads = two is not used:"
                                            + " allowed is a whole number, 0 or more"));
        }
    }

    @Test
    public void second_instanceOnTheSameData_isRefused() throws Exception {
        Path data = folder.getRoot().toPath().resolve("data");

        try (Server first = Server.start(data);
                Server second = Server.launch(data, "--http-port", "0")) {
            assertEquals(1, second.exitCode(SOON));
            assertTrue(second.output(), second.output().contains("another Busbar"));
            first.stop();
        }
    }

    @Test
    public void mqttPortInUse_endsWithWhatToDo() throws Exception {
        try (ServerSocket taken =
                        new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress());
                Server server =
                        Server.launch(
                                folder.getRoot().toPath().resolve("data"),
                                "--http-port",
                                "0",
                                "--ws-port",
                                "0",
                                "--mqtt-port",
                                Integer.toString(taken.getLocalPort()))) {
            assertEquals(1, server.exitCode(SOON));
            assertTrue(
                    server.output(),
                    server.output().contains(Integer.toString(taken.getLocalPort())));
        }
    }

    @Test
    public void httpPortInUse_endsWithWhatToDo() throws Exception {
        try (ServerSocket taken =
                        new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress());
                Server server =
                        Server.launch(
                                folder.getRoot().toPath().resolve("data"),
                                "--http-port",
                                Integer.toString(taken.getLocalPort()),
                                "--ws-port",
                                "0",
                                "--mqtt-port",
                                "0")) {
            assertEquals(1, server.exitCode(SOON));
            assertTrue(server.output(), server.output().contains("--http-port"));
            assertFalse(server.output(), server.output().contains("jetty"));
        }
    }

    @Test
    public void damagedDocuments_endWithTheFileName() throws Exception {
        Path data = folder.getRoot().toPath().resolve("data");
        Files.createDirectories(data.resolve("db"));
        Files.writeString(data.resolve("db/documents.db"), "this is no database".repeat(500));

        try (Server server =
                Server.launch(data, "--http-port", "0", "--ws-port", "0", "--mqtt-port", "0")) {
            assertEquals(1, server.exitCode(SOON));
            assertTrue(server.output(), server.output().contains("documents.db"));
        }
        assertTrue(
                "nothing is lost",
                Files.readString(data.resolve("db/documents.db")).startsWith("this is no"));
    }

    @Test
    public void emptiedDocuments_areNotTakenForAFirstStart() throws Exception {
        Path data = folder.getRoot().toPath().resolve("data");
        Files.createDirectories(data.resolve("db"));
        Path file = Files.createFile(data.resolve("db/documents.db"));

        try (Server server =
                Server.launch(data, "--http-port", "0", "--ws-port", "0", "--mqtt-port", "0")) {
            assertEquals(1, server.exitCode(SOON));
            List<String> told =
                    server.output()
                            .lines()
                            .filter(line -> line.startsWith("busbar: "))
                            .collect(Collectors.toList());
            assertEquals(server.output(), 1, told.size());
            assertTrue(server.output(), told.get(0).contains(file + " cannot be opened"));
            assertTrue(server.output(), told.get(0).contains("Restore a backup"));
        }
        assertEquals(0, Files.size(file));
    }

    /** A limit of the size of files stands for a disk that is full. */
    @Test
    public void fullDisk_endsWithWhatToDo() throws Exception {
        Path data = folder.getRoot().toPath().resolve("data");
        Process process =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "ulimit -f 8000; exec \"$@\"",
                                "sh",
                                Server.home().resolve("busbar").toString(),
                                "run",
                                "--data",
                                data.toString())
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        String output =
                new String(
                        process.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);

        assertEquals(output, 1, process.waitFor());
        assertTrue(output, output.contains("busbar: the disk of " + data + " is full"));
        assertEquals(output, 1, output.lines().count());
    }

    @Test
    public void filesInDeployThatDoNothing_areTold() throws Exception {
        Path data = folder.getRoot().toPath().resolve("data");
        Files.createDirectories(data.resolve("deploy"));
        Files.writeString(data.resolve("deploy/broken.jar"), "no jar");
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", "plant.needy");
        headers.putValue("Import-Package", "plant.nowhere");
        new JarOutputStream(Files.newOutputStream(data.resolve("deploy/needy.jar")), manifest)
                .close();

        try (Server server = Server.start(data)) {
            Await.until(
                    "both are told",
                    SOON,
                    () ->
                            server.output()
                                            .contains(
                                                    "busbar: deploy/broken.jar does nothing: it"
                                                            + " cannot be read as a jar")
                                    && server.output()
                                            .contains(
                                                    "busbar: deploy/needy.jar does nothing: missing"
                                                            + " is the package plant.nowhere"));
            Console console = new Console(server.endpoints().console());
            String health = console.get("api/v1/health/ready");
            assertTrue(health, health.contains("deploy/broken.jar"));
            Files.delete(data.resolve("deploy/broken.jar"));
            Files.delete(data.resolve("deploy/needy.jar"));
            Await.until(
                    "well again",
                    SOON,
                    () -> !console.get("api/v1/health/ready").contains("deploy/"));
            server.stop();
        }
    }

    @Test
    public void wrongUse_isToldInOneLine() throws Exception {
        Path data = folder.getRoot().toPath().resolve("data");
        Path bad = folder.newFile("bad.json").toPath();
        Files.writeString(bad, "{\"admn\": {}}");
        Path notFolder = folder.newFile("file").toPath();

        refused(2, "unknown option: --prot", data, "--prot", "1");
        refused(2, "'70000' is not a port", data, "--http-port", "70000");
        refused(2, "--mqtt-port needs a value", data, "--mqtt-port");
        refused(2, "are both 1999", data, "--mqtt-port", "1999", "--ws-port", "1999");
        refused(1, "does not exist", data, "--bootstrap", "/nowhere.json");
        refused(1, "is not a folder", notFolder);
        refused(1, "--console needs a terminal", data, "--console");
        refused(1, "unknown key \"admn\"", data, "--bootstrap", bad.toString());
    }

    private static void refused(int code, String message, Path data, String... options)
            throws Exception {
        try (Server server = Server.launch(data, options)) {
            assertEquals(server.output(), code, server.exitCode(SOON));
            assertTrue(server.output(), server.output().contains(message));
        }
    }

    private static int connect(int port, String clientId, String username, String password)
            throws Exception {
        try (MqttSocket client = MqttSocket.v311(port)) {
            return client.connect(clientId, username, password);
        }
    }

    /** The TCP ports a process listens on, as the operating system knows them. */
    private static Set<Integer> listeningPorts(long pid) throws Exception {
        Set<String> inodes = new TreeSet<>();
        try (var files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                try {
                    String target = Files.readSymbolicLink(file).toString();
                    if (target.startsWith("socket:[")) {
                        inodes.add(target.substring(8, target.length() - 1));
                    }
                } catch (java.io.IOException closedMeanwhile) {
                    continue;
                }
            }
        }
        Set<Integer> ports = new TreeSet<>();
        for (String table : new String[] {"tcp", "tcp6"}) {
            for (String line :
                    Files.readAllLines(Path.of("/proc", Long.toString(pid), "net", table))) {
                String[] columns = line.trim().split("\\s+");
                if (columns.length > 9 && columns[3].equals("0A") && inodes.contains(columns[9])) {
                    ports.add(
                            Integer.parseInt(
                                    columns[1].substring(columns[1].lastIndexOf(':') + 1), 16));
                }
            }
        }
        return ports;
    }

    /** A browser without a screen. */
    private static final class Console {
        private final String address;
        private final HttpClient http =
                HttpClient.newBuilder().cookieHandler(new java.net.CookieManager()).build();

        Console(String address) {
            this.address = address;
        }

        void signIn(String username, String password) throws Exception {
            JsonObject body = new JsonObject();
            body.addProperty("username", username);
            body.addProperty("password", password);
            HttpResponse<String> response =
                    http.send(
                            HttpRequest.newBuilder(URI.create(address + "api/v1/auth/login"))
                                    .header("Content-Type", "application/json")
                                    .header("X-Busbar-Request", "1")
                                    .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertTrue(response.body(), response.statusCode() < 300);
        }

        String get(String path) throws Exception {
            HttpResponse<String> response =
                    http.send(
                            HttpRequest.newBuilder(URI.create(address + path)).build(),
                            HttpResponse.BodyHandlers.ofString());
            assertEquals(response.body(), 200, response.statusCode());
            return JsonParser.parseString(response.body()).toString();
        }
    }
}
