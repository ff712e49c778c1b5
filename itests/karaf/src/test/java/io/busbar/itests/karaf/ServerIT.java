package io.busbar.itests.karaf;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import com.google.gson.JsonObject;
import io.busbar.testkit.time.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
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
    public void backup_whileClientsPublish_isRestoredIntoANewFolder() throws Exception {
        Path data = folder.getRoot().toPath().resolve("data");
        Path restored = folder.getRoot().toPath().resolve("restored");
        Path file = folder.newFile("bootstrap.json").toPath();
        Files.writeString(
                file,
                BOOTSTRAP.replace(
                        "\"credentials\": [",
                        "\"credentials\": [{\"description\": \"Line 2\", \"clientId\":"
                                + " \"line2\", \"username\": \"line2\", \"password\":"
                                + " \"line2-password\", \"clientIdPolicy\": \"EXACT\", \"acl\":"
                                + " [{\"effect\": \"ALLOW\", \"action\": \"BOTH\", \"filter\":"
                                + " \"#\"}]},"));
        String backup;
        int before;
        try (Server server = Server.start(data, "--bootstrap", file.toString());
                MqttSocket publisher = MqttSocket.v311(server.endpoints().mqtt())) {
            try (MqttSocket offline = MqttSocket.v311(server.endpoints().mqtt())) {
                assertFalse(offline.resume("line1", "line1", "line1-password"));
                assertEquals(1, offline.subscribe("test/queue", 1));
            }
            assertEquals(0, publisher.connect("line2", "line2", "line2-password"));
            publisher.publishSafely("test/queue", "waits", false);
            publisher.publishSafely("test/retained", "kept", true);
            AtomicInteger published = new AtomicInteger();
            AtomicBoolean stop = new AtomicBoolean();
            CompletableFuture<Void> publishing =
                    CompletableFuture.runAsync(() -> publish(publisher, published, stop));
            Await.until("messages", SOON, () -> published.get() > 20);
            before = published.get();
            Console console = new Console(server.endpoints().console());
            console.signIn("root", "correct horse battery");
            backup = console.post("api/v1/backups").get("file").getAsString();
            Await.until(
                    "backup",
                    Server.START,
                    () -> !console.get("api/v1/backups").contains("RUNNING"));
            String list = console.get("api/v1/backups");
            assertTrue(list, list.contains("\"state\":\"DONE\""));
            assertTrue(list, list.contains("\"failure\":null"));
            stop.set(true);
            publishing.get(10, TimeUnit.SECONDS);
            server.stop();
        }

        String busbar = Server.home().resolve("busbar").toString();
        String told = Server.run(busbar, "restore", backup, "--data", restored.toString());
        assertTrue(told, told.startsWith("Restored " + restored));
        IOException again =
                assertThrows(
                        IOException.class,
                        () -> Server.run(busbar, "restore", backup, "--data", "" + restored));
        assertTrue(again.getMessage(), again.getMessage().contains(" is not empty"));

        try (Server server = Server.start(restored);
                MqttSocket queue = MqttSocket.v311(server.endpoints().mqtt());
                MqttSocket retained = MqttSocket.v311(server.endpoints().mqtt())) {
            assertFalse(server.output(), server.output().contains("setup#"));
            assertTrue("session", queue.resume("line1", "line1", "line1-password"));
            assertEquals("waits", queue.unacknowledged());
            assertEquals(0, retained.connect("line2", "line2", "line2-password"));
            retained.subscribe("test/retained");
            assertEquals("kept", retained.message());
            retained.subscribe("test/busy");
            assertTrue(Integer.parseInt(retained.message()) >= before);
            Console console = new Console(server.endpoints().console());
            console.signIn("root", "correct horse battery");
            String found = console.get("api/v1/namespace/search?q=speed");
            assertTrue(found, found.contains("plant/Metric/speed"));
            server.stop();
        }
    }

    @Test
    public void state_asLinesOfJson_goesToAnEmptyServerThatRuns() throws Exception {
        Path file = folder.newFile("bootstrap.json").toPath();
        Files.writeString(file, BOOTSTRAP);
        String lines;
        String names;
        String password;
        try (Server server =
                        Server.start(
                                folder.getRoot().toPath().resolve("from"),
                                "--bootstrap",
                                file.toString());
                MqttSocket publisher = MqttSocket.v311(server.endpoints().mqtt())) {
            Console console = new Console(server.endpoints().console());
            console.signIn("root", "correct horse battery");
            JsonObject generated =
                    console.post(
                            "api/v1/credentials",
                            "application/json",
                            "{\"description\": \"Line 2\", \"acl\": [{\"effect\":"
                                    + " \"ALLOW\", \"action\": \"BOTH\", \"filter\": \"#\"}]}");
            JsonObject credential = generated.getAsJsonObject("credential");
            String username = credential.get("username").getAsString();
            String clientId = credential.get("clientId").getAsString();
            names = clientId + " " + username;
            password = generated.get("password").getAsString();
            try (MqttSocket offline = MqttSocket.v311(server.endpoints().mqtt())) {
                assertFalse(offline.resume("line1", "line1", "line1-password"));
                assertEquals(1, offline.subscribe("test/queue", 1));
            }
            assertEquals(0, publisher.connect(clientId, username, password));
            publisher.publishSafely("test/queue", "waits", false);
            publisher.publishSafely("test/retained", "kept", true);
            lines = console.text("api/v1/state/export");
            server.stop();
        }
        assertFalse(lines.contains(password) || lines.contains("line1-password"));

        Files.writeString(
                file,
                "{\"admin\": {\"username\": \"root\", \"password\":"
                        + " \"correct horse battery\"}}");
        Path to = folder.getRoot().toPath().resolve("to");
        try (Server server = Server.start(to, "--bootstrap", file.toString())) {
            Console console = new Console(server.endpoints().console());
            console.signIn("root", "correct horse battery");
            JsonObject dry =
                    console.post("api/v1/state/import?dryRun=true", "application/x-ndjson", lines);
            JsonObject done = console.post("api/v1/state/import", "application/x-ndjson", lines);
            assertEquals(done.toString(), 0, done.getAsJsonArray("errors").size());
            for (String part : new String[] {"credentials", "retained", "sessions"}) {
                assertEquals(part, dry.get(part), done.get(part));
            }
            assertEquals(2, created(done, "credentials"));
            assertEquals(1, created(done, "retained"));
            assertEquals(1, created(done, "sessions"));
            receive(server, names, password);
            server.stop();
        }
        try (Server server = Server.start(to)) {
            try (MqttSocket queue = MqttSocket.v311(server.endpoints().mqtt())) {
                assertTrue("session", queue.resume("line1", "line1", "line1-password"));
            }
            server.stop();
        }
    }

    private static int created(JsonObject report, String part) {
        return report.getAsJsonObject(part).get("created").getAsInt();
    }

    private static void receive(Server server, String names, String password) throws IOException {
        try (MqttSocket queue = MqttSocket.v311(server.endpoints().mqtt());
                MqttSocket retained = MqttSocket.v311(server.endpoints().mqtt())) {
            assertTrue("session", queue.resume("line1", "line1", "line1-password"));
            assertEquals("waits", queue.unacknowledged());
            String[] name = names.split(" ");
            assertEquals(0, retained.connect(name[0], name[1], password));
            retained.subscribe("test/retained");
            assertEquals("kept", retained.message());
        }
    }

    private static void publish(MqttSocket client, AtomicInteger published, AtomicBoolean stop) {
        try {
            while (!stop.get()) {
                int next = published.get() + 1;
                client.publishSafely("test/busy", Integer.toString(next), true);
                published.set(next);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    public void start_firstTime_printsAddressesAndOneSetupLink() throws Exception {
        Path data = folder.getRoot().toPath().resolve("data");

        try (Server server = Server.start(data)) {
            Endpoints endpoints = server.endpoints();
            Console console = new Console(endpoints.console());
            console.text("api/v1/health/live");
            console.text("");
            Await.until("setup link", SOON, () -> server.output().contains("setup#"));
            String output = server.output();
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
            List<String> told =
                    server.output()
                            .lines()
                            .filter(line -> line.contains("ERROR") || line.startsWith("busbar: "))
                            .collect(Collectors.toList());
            assertEquals(server.output(), 1, told.size());
            assertTrue(server.output(), told.get(0).contains("documents.db cannot be opened"));
            assertTrue(server.output(), told.get(0).contains("Restore a backup"));
        }
        List<String> logged =
                Files.readAllLines(data.resolve("log/busbar.log")).stream()
                        .filter(line -> line.contains(" ERROR ") || line.startsWith("\tat "))
                        .collect(Collectors.toList());
        assertEquals(logged.toString(), 1, logged.size());
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

    /** What a client does is no fault of the server: its log would be a way to fill the disk. */
    @Test
    public void faultsOfClients_writeNothingIntoTheLog() throws Exception {
        Path data = folder.getRoot().toPath().resolve("data");
        Path file = folder.newFile("bootstrap.json").toPath();
        Files.writeString(file, BOOTSTRAP);
        Path certificates = Certificates.write(folder.newFolder("tls").toPath());

        try (Server server = Server.start(data, "--bootstrap", file.toString())) {
            for (String transport : new String[] {"tls", "wss"}) {
                Files.writeString(
                        data.resolve("etc/io.busbar.mqtt.listener-" + transport + ".cfg"),
                        String.join(
                                "\n",
                                "name = " + transport,
                                "transport = " + transport,
                                "host = 127.0.0.1",
                                "port = 0",
                                "certificate = " + certificates.resolve("server.crt"),
                                "key = " + certificates.resolve("server.key"),
                                ""));
            }
            Await.until(
                    "tls listens",
                    SOON,
                    () -> {
                        String endpoints = Files.readString(Endpoints.file(data));
                        return endpoints.contains("\"tls\"") && endpoints.contains("\"wss\"");
                    });
            Console console = new Console(server.endpoints().console());
            console.get("api/v1/health/ready");
            Path log = data.resolve("log/busbar.log");
            String before = Files.readString(log);

            int http = server.endpoints().http();
            String post = "POST /api/v1/auth/login HTTP/1.1\r\nHost: 127.0.0.1:" + http + "\r\n";
            String json = "Content-Type: application/json\r\nX-Busbar-Request: 1\r\n";
            for (String request :
                    new String[] {
                        post + json + "Content-Length: 4000\r\n\r\n{\"user",
                        post + json + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                        post + json + "Content-Length: nine\r\n\r\n{}",
                        post + json + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                        post + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: x:999999\r\n\r\n",
                        "GET / HTTP/1.1\r\nHost: " + "h".repeat(9000) + "\r\n\r\n",
                        "GET / HTTP/1.1\r\n\r\n",
                        "GET /%zz%00/../.. HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                        "GET / HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
                        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                        "\u0016\u0003\u0001 no HTTP at all\r\n\r\n",
                        "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n\r\n"
                    }) {
                Faults.send(http, request);
            }
            int ws = server.endpoints().webSocket();
            for (int port :
                    new int[] {
                        ws,
                        server.endpoints().port("tls"),
                        server.endpoints().port("wss"),
                        server.endpoints().mqtt()
                    }) {
                Faults.send(port, "GET /mqtt HTTP/1.1\r\nHost: x\r\n\r\n");
                Faults.send(
                        port,
                        "GET /mqtt HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection:"
                                + " Upgrade\r\nSec-WebSocket-Version: 99\r\n\r\n");
                Faults.send(port, "\u0016\u0003\u0001\u0000\u0005broken");
                Faults.send(port, "\u0010\u007f\u0000\u0004MQTT");
                Faults.send(port, "");
            }

            console.get("api/v1/health/ready");
            List<String> written =
                    Files.readString(log)
                            .substring(before.length())
                            .lines()
                            .filter(line -> !line.contains(" DEBUG "))
                            .collect(Collectors.toList());
            assertEquals(List.of(), written);
            assertFalse(server.output(), server.output().contains("WARN"));
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
}
