package io.busbar.itests.karaf;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.busbar.testkit.time.Await;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * Bad days of an operator: a second server on the same files, a damaged file, a full disk, a disk
 * from which nothing may run. Each is told in words that help, and nothing that was acknowledged is
 * lost without being told.
 */
public class SurvivalIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String STORE = "etc/io.busbar.storage.rocksdb.cfg";
    private static final String DOCUMENTS = "etc/io.busbar.storage.sqlite.cfg";
    private static final String[] ANY_PORTS = {
        "--http-port", "0", "--mqtt-port", "0", "--ws-port", "0"
    };

    /** Reason Code "Quota exceeded". */
    private static final int QUOTA_EXCEEDED = 0x97;

    private static final String DISK = "size=512m,mode=700";
    private static final int BYTES = 40_000;
    private static final long LITTLE = 30 << 20;

    @Rule public final TemporaryFolder folder = new TemporaryFolder();

    private Path data;
    private Path bootstrap;

    /** Everybody may connect: it is not about who does. */
    @Before
    public void prepare() throws IOException {
        data = folder.getRoot().toPath().toRealPath().resolve("data");
        bootstrap = folder.newFile("bootstrap.json").toPath();
        Files.writeString(bootstrap, "{\"anonymous\": true}");
    }

    private Server start(Path data, String... options) throws Exception {
        return Server.start(data, with(options, "--bootstrap", bootstrap.toString()));
    }

    private static String[] with(String[] options, String... more) {
        return Stream.of(options, more).flatMap(Arrays::stream).toArray(String[]::new);
    }

    private static void configure(Path data, String file, String line) throws IOException {
        Files.createDirectories(data.resolve("etc"));
        Files.writeString(data.resolve(file), line + "\n");
    }

    // ---- a second server

    @Test
    public void secondServer_onTheSameData_isRefused_andNamesTheFirst() throws Exception {
        try (Server first = start(data);
                Server second = Server.launch(data, ANY_PORTS)) {
            assertEquals(second.output(), 1, second.exitCode(SOON));
            assertEquals(
                    List.of(
                            "busbar: another Busbar (process "
                                    + first.pid()
                                    + ") is using "
                                    + data
                                    + ": stop it first, or choose another folder with --data DIR"),
                    told(second));
            first.stop();
        }
    }

    @Test
    public void secondServer_onTheSameStore_isRefused_andNamesTheFirst() throws Exception {
        Path shared = folder.getRoot().toPath().toRealPath().resolve("shared");
        configure(data, STORE, "directory = " + shared.resolve("broker"));
        configure(data, DOCUMENTS, "directory = " + shared.resolve("db"));
        Path other = data.resolveSibling("other");
        configure(other, STORE, "directory = " + shared.resolve("broker"));
        Path third = data.resolveSibling("third");
        configure(third, DOCUMENTS, "directory = " + shared.resolve("db"));

        try (Server first = start(data)) {
            try (Server second = Server.launch(other, ANY_PORTS)) {
                assertEquals(second.output(), 1, second.exitCode(Server.START));
                assertEquals(
                        List.of(
                                "busbar: Broker store "
                                        + shared.resolve("broker")
                                        + " cannot be opened: another Busbar (process "
                                        + first.pid()
                                        + ") uses it. Stop that one, or give this one a data"
                                        + " folder of its own."),
                        told(second));
            }
            try (Server second = Server.launch(third, ANY_PORTS)) {
                assertEquals(second.output(), 1, second.exitCode(Server.START));
                assertEquals(
                        List.of(
                                "busbar: Document store "
                                        + shared.resolve("db/documents.db")
                                        + " is in use by another Busbar. Stop that one, or give"
                                        + " this one a data folder of its own."),
                        told(second));
            }
            first.stop();
        }
    }

    /** Lines for the person who starts it that tell of a problem. */
    private static List<String> told(Server server) throws IOException {
        return server.output()
                .lines()
                .filter(line -> line.startsWith("busbar: "))
                .collect(Collectors.toList());
    }

    // ---- a damaged file

    @Test
    public void damagedStore_endsTheStart_untilRecovered_whichListsWhatIsLost() throws Exception {
        try (Server server = start(data, "--memory", "256m");
                MqttSocket publisher = MqttSocket.v311(server.endpoints().mqtt())) {
            leaveQueue(server);
            assertEquals(0, publisher.connect("publisher", null, null));
            publisher.publishSafely("queue/1", "waits", false);
            Random random = new Random(1);
            for (int i = 0; i < 300; i++) {
                publisher.publishSafely("retained/" + i, text(random), true);
            }
            server.stop();
        }
        Path table = largest(data.resolve("broker"), ".sst");
        damage(table);

        try (Server server = Server.launch(data, ANY_PORTS)) {
            assertEquals(server.output(), 1, server.exitCode(Server.START));
            List<String> told = told(server);
            assertEquals(server.output(), 1, told.size());
            String line = told.get(0);
            assertTrue(line, line.contains("it is damaged"));
            assertTrue(line, line.contains(table.toString()));
            assertTrue(line, line.contains("Nothing was deleted. Restore a backup"));
            assertTrue(line, line.contains("--recover"));
        }
        assertTrue(Files.exists(table));

        try (Server server = start(data, "--recover");
                MqttSocket queue = MqttSocket.v311(server.endpoints().mqtt());
                MqttSocket reader = MqttSocket.v5(server.endpoints().mqtt())) {
            String log = Files.readString(data.resolve("log/busbar.log"));
            assertTrue(log, log.contains("Broker store: lost records of RETAINED from "));
            assertTrue(log, log.contains("losses are listed above; the damaged files are in "));
            assertTrue("session", queue.resume("away", null, null));
            assertEquals("waits", queue.acknowledged());
            assertEquals(0, reader.connect("reader", null, null));
            // The first and the last of all in the order of the store.
            for (String end : new String[] {"retained/0", "retained/99"}) {
                assertEquals(0, reader.subscribe(end));
                assertEquals(BYTES, reader.message().length());
            }
            server.stop();
        }
    }

    private static String text(Random random) {
        return random.ints(BYTES, 'a', 'z' + 1)
                .collect(
                        StringBuilder::new,
                        (text, letter) -> text.append((char) letter),
                        StringBuilder::append)
                .toString();
    }

    private static Path largest(Path folder, String end) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(end))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    private static void damage(Path file) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(bytes.length() / 2);
            int old = bytes.read();
            bytes.seek(bytes.length() / 2);
            bytes.write(old ^ 0x55);
        }
    }

    // ---- a full disk

    /** The check of the launcher is passed, so it can start; it takes nothing in that must last. */
    @Test
    public void start_belowTheReserve_comesUpAndSaysSo() throws Exception {
        configure(data, STORE, "reserve.bytes = " + (1L << 60));

        try (Server server = start(data);
                MqttSocket live = MqttSocket.v5(server.endpoints().mqtt());
                MqttSocket publisher = MqttSocket.v5(server.endpoints().mqtt())) {
            HttpResponse<String> health = new Console(server.endpoints().console()).health();
            assertEquals(health.body(), 503, health.statusCode());
            assertTrue(health.body(), health.body().contains("takes nothing more in"));
            assertEquals(0, live.connect("live", null, null));
            assertEquals(1, live.subscribe("live/#", 1));
            assertEquals(0, publisher.connect("publisher", null, null));
            assertEquals(0, publisher.puback("live/1", "goes on", false));
            assertEquals("goes on", live.acknowledged());
            assertEquals(QUOTA_EXCEEDED, publisher.puback("retained", "refused", true));
            server.stop();
        }
    }

    @Test
    public void fullDisk_refusesWhatHasToLast_andGoesOnByItself() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder.newFolder("disk").toPath(), DISK);
                Server server = start(disk.folder().resolve("data"))) {
            int port = server.endpoints().mqtt();
            Console console = new Console(server.endpoints().console());
            leaveQueue(server);
            try (MqttSocket live = MqttSocket.v5(port);
                    MqttSocket publisher = MqttSocket.v5(port)) {
                assertEquals(0, live.connect("live", null, null));
                assertEquals(1, live.subscribe("live/#", 1));
                assertEquals(0, publisher.connect("publisher", null, null));
                assertEquals(0, publisher.puback("queue/1", "before", false));

                disk.leave(LITTLE);
                Await.until("health says so", SOON, () -> isFull(console.health()));
                servesWhatNeedNotLast(port, publisher, live);

                try (SmallDisk.Thief thief = disk.thief()) {
                    Await.until("no byte is left", SOON, thief::hasAll);
                    for (int i = 0; i < 20; i++) {
                        servesWhatNeedNotLast(port, publisher, live);
                    }
                    assertTrue(isFull(console.health()));
                }
                servesWhatNeedNotLast(port, publisher, live);
                disk.leave(10 * LITTLE);
                Await.until("well again", SOON, () -> console.health().statusCode() == 200);
                assertEquals(0, publisher.puback("queue/1", "after", false));
            }
            try (MqttSocket queue = MqttSocket.v311(port)) {
                assertTrue("session", queue.resume("away", null, null));
                assertEquals("before", queue.acknowledged());
                assertEquals("nothing of what was refused", "after", queue.acknowledged());
            }
            server.stop();
        }
    }

    /** A session of a client that is away, which wants what is published to queue/1. */
    private static void leaveQueue(Server server) throws IOException {
        try (MqttSocket away = MqttSocket.v311(server.endpoints().mqtt())) {
            assertFalse(away.resume("away", null, null));
            assertEquals(1, away.subscribe("queue/1", 1));
        }
    }

    private static boolean isFull(HttpResponse<String> health) {
        return health.statusCode() == 503
                && health.body().contains("Broker store ")
                && health.body().contains("Free some space");
    }

    /**
     * MQTT 5 has a Reason Code for it, [MQTT5-3.4.2-1]. MQTT 3 has none, so the connection ends
     * before the message is acknowledged, [MQTT311-3.3.5-2].
     */
    private static void servesWhatNeedNotLast(int port, MqttSocket publisher, MqttSocket live)
            throws IOException {
        assertEquals(QUOTA_EXCEEDED, publisher.puback("queue/1", "refused", false));
        assertEquals(QUOTA_EXCEEDED, publisher.puback("retained", "refused", true));
        try (MqttSocket old = MqttSocket.v311(port)) {
            assertEquals(0, old.connect("old", null, null));
            assertThrows(EOFException.class, () -> old.puback("queue/1", "refused", false));
        }
        publisher.publish("live/0", "at most once");
        assertEquals("at most once", live.message());
        assertEquals(0, publisher.puback("live/1", "at least once", false));
        assertEquals("at least once", live.acknowledged());
    }

    // ---- a disk from which nothing may run

    @Test
    public void dataFromWhichNothingMayRun_isServedAllTheSame() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder.newFolder("disk").toPath(), DISK + ",noexec");
                Server server = start(disk.folder().resolve("data"));
                MqttSocket publisher = MqttSocket.v5(server.endpoints().mqtt())) {
            leaveQueue(server);
            assertEquals(0, publisher.connect("publisher", null, null));
            assertEquals(0, publisher.puback("queue/1", "kept", false));
            server.stop();
        }
    }
}
