package io.busbar.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.busbar.api.mqtt.TopicName;
import io.busbar.api.storage.DeliveryMark;
import io.busbar.api.storage.InboundMessage;
import io.busbar.api.storage.QueuedMessage;
import io.busbar.api.storage.ShardOwner;
import io.busbar.api.storage.StorageException;
import io.busbar.api.storage.StoreBatch;
import io.busbar.storage.rocksdb.record.Values;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.FlushOptions;

/** Files that are in use, damaged, older or newer. */
@Timeout(120)
class OpeningTest {
    @TempDir Path temp;

    private Path folder() {
        return temp.resolve("broker");
    }

    private Settings settings() {
        return Settings.of(folder());
    }

    /** Writes messages of a size to a queue and leaves; with tables, all of it is in them. */
    private void write(int messages, int bytes, boolean tables) throws Exception {
        RocksStore store = RocksStore.open(settings());
        ShardOwner owner = Samples.own(store);
        byte[] noise = new byte[bytes / 2];
        for (int i = 1; i <= messages; i++) {
            new Random(i).nextBytes(noise);
            StoreBatch batch = owner.newBatch();
            String text = java.util.HexFormat.of().formatHex(noise);
            batch.enqueue(1, i, batch.message(Samples.message("t", text)), Samples.ONCE, 0);
            batch.retain(batch.message(Samples.message("a/" + i, "r")));
            Samples.commit(owner, batch);
        }
        store.close();
        if (tables) {
            try (Database database = new Database(settings(), false);
                    FlushOptions flush = new FlushOptions()) {
                for (Family family : Family.values()) {
                    database.with(
                            open -> {
                                open.flush(flush, database.handle(family));
                                return null;
                            });
                }
            }
        }
    }

    private Path largest(String end) throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.filter(file -> file.toString().endsWith(end))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    private static void flip(Path file, long at) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(at);
            int old = access.read();
            access.seek(at);
            access.write(old ^ 0x55);
        }
    }

    private List<Long> queued() throws Exception {
        return queued(settings());
    }

    private static List<Long> queued(Settings settings) throws Exception {
        RocksStore store = RocksStore.open(settings);
        try {
            return Samples.sequences(Samples.own(store), 1);
        } finally {
            store.close();
        }
    }

    @Test
    void shardOf_neverChanges() throws Exception {
        RocksStore store = RocksStore.open(settings());
        try {
            assertThat(store.shards()).isEqualTo(8);
            assertThat(
                            Stream.of(
                                            "",
                                            "client",
                                            "press-1",
                                            "\u00e4",
                                            "a-longer-client-identifier")
                                    .map(store::shardOf))
                    .containsExactly(1, 4, 1, 7, 0);
        } finally {
            store.close();
        }
    }

    @Test
    void numberOfShards_isKept() throws Exception {
        RocksStore.open(settings()).close();

        RocksStore store =
                RocksStore.open(
                        new Settings(folder(), 3, true, Settings.LEAST_MEMORY, 0, 0, false));

        assertThat(store.shards()).isEqualTo(8);
        store.close();
    }

    @Test
    void secondServer_isToldWhoUsesTheFolder() throws Exception {
        RocksStore store = RocksStore.open(settings());
        try {
            assertThatThrownBy(() -> RocksStore.open(settings()))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("another Busbar")
                    .hasMessageContaining(folder().toString());

            Process other = OtherServer.start(folder());
            String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(other.waitFor()).isEqualTo(1);
            assertThat(said)
                    .contains("another Busbar (process " + ProcessHandle.current().pid() + ")");
        } finally {
            store.close();
        }
    }

    @Test
    void newerFormat_isRefused() throws Exception {
        try (Database database = Opening.open(settings()).database()) {
            Changes changes = new Changes(16);
            changes.put(database.id(Family.META), Meta.FORMAT, Values.number(99));
            database.write(changes.toBytes(), true);
        }

        assertThatThrownBy(() -> RocksStore.open(settings()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("newer Busbar has written it (format 99");
    }

    /** The folder was written by the first format; it must be readable for ever. */
    @Test
    void firstFormat_isBroughtToTheCurrentOne() throws Exception {
        unzip("/format-1.zip", folder());

        RocksStore store = RocksStore.open(settings());
        ShardOwner owner = Samples.own(store);
        List<QueuedMessage> queue = owner.view().queue(1, 0, 100, 1 << 20);
        assertThat(queue).extracting(QueuedMessage::sequence).containsExactly(1L, 2L, 3L);
        assertThat(queue.get(0).message())
                .usingRecursiveComparison()
                .isEqualTo(Samples.message("t", "m1"));
        assertThat(store.retained().get(TopicName.of("a/b"))).isPresent();
        assertThat(owner.view().subscriptions(1)).hasSize(1);
        assertThat(owner.view().session(1)).isPresent();
        assertThat(owner.view().inbound(1)).containsExactly(new InboundMessage(7, 0));
        assertThat(owner.view().received(1)).isZero();
        owner.view()
                .marks(
                        (slot, mark) -> {
                            throw new AssertionError("a mark: " + mark);
                        });
        StoreBatch batch = owner.newBatch();
        batch.mark(1, Samples.MARK);
        batch.received(1, 5);
        Samples.commit(owner, batch);
        store.close();

        store = RocksStore.open(settings());
        owner = Samples.own(store);
        List<DeliveryMark> marks = new ArrayList<>();
        owner.view().marks((slot, mark) -> marks.add(mark));
        assertThat(marks).singleElement().usingRecursiveComparison().isEqualTo(Samples.MARK);
        assertThat(owner.view().received(1)).isEqualTo(5);
        assertThat(owner.view().queue(1, 0, 100, 1 << 20)).hasSize(3);
        store.close();
        try (Database database = Opening.open(settings()).database()) {
            assertThat(Meta.read(database, Meta.FORMAT)).isEqualTo(2);
        }
    }

    @Test
    void olderFormat_goesThroughEachStep_once() throws Exception {
        try (Database database = Opening.open(settings(), new Formats(List.of())).database()) {
            assertThat(Meta.read(database, Meta.FORMAT)).isEqualTo(1);
        }
        byte[] mark = {1};
        Formats next =
                new Formats(
                        List.of(
                                (database, changes) ->
                                        changes.put(database.id(Family.META), mark, mark),
                                (database, changes) ->
                                        changes.delete(database.id(Family.META), mark)));

        for (int i = 0; i < 2; i++) {
            try (Database database = Opening.open(settings(), next).database()) {
                assertThat(Meta.read(database, Meta.FORMAT)).isEqualTo(3);
                assertThat(database.exists(Family.META, mark)).isFalse();
            }
        }
        assertThatThrownBy(() -> RocksStore.open(settings())).hasMessageContaining("format 3");
    }

    @Test
    void tornEndOfTheLog_isLeftOut() throws Exception {
        write(20, 100, false);
        Path log = largest(".log");
        // The log is longer than what is in it, for the next writes.
        long end = lastByte(log);
        try (RandomAccessFile access = new RandomAccessFile(log.toFile(), "rw")) {
            access.setLength(end - 10);
        }

        assertThat(queued()).hasSize(19).isSorted();
    }

    private static long lastByte(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        return end;
    }

    @Test
    void flippedByte_isFound_said_andRecovered() throws Exception {
        write(400, 400, true);
        Path table = largest(".sst");
        flip(table, Files.size(table) / 2);

        assertThatThrownBy(this::queued)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(table.getFileName().toString())
                .hasMessageContaining("recover = true");

        List<Long> left = queued(settings().withRecover(true));

        assertThat(left).isSorted().hasSizeBetween(300, 399).contains(1L, 400L);
        assertThat(queued()).as("at the next start without it").isEqualTo(left);
        try (Stream<Path> beside = Files.list(temp)) {
            assertThat(beside.map(path -> path.getFileName().toString()))
                    .anyMatch(name -> name.startsWith("broker.damaged-"));
        }
    }

    /** Behind it are commits that were acknowledged: not the same as a write that was cut short. */
    @Test
    void flippedByteInTheLog_isFound_said_andRecovered() throws Exception {
        write(400, 400, false);
        Path log = largest(".log");
        flip(log, lastByte(log) / 2);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(this::queued)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(log.getFileName().toString())
                    .hasMessageContaining("groups of commits that were on the disk")
                    .hasMessageContaining("recover = true");
        }

        List<Long> left = queued(settings().withRecover(true));

        assertThat(left).isSorted().hasSizeBetween(150, 250).contains(1L).doesNotContain(400L);
        assertThat(queued()).as("at the next start without it").isEqualTo(left);
        try (Stream<Path> kept = Files.walk(temp)) {
            assertThat(kept)
                    .anyMatch(
                            file ->
                                    file.toString().contains("broker.damaged-")
                                            && file.endsWith(log.getFileName()));
        }
    }

    /** All of it is in one block of the log. */
    @ParameterizedTest
    @ValueSource(ints = {20, 40, 60})
    void flippedByteInAShortLog_isFound(int percent) throws Exception {
        write(20, 100, false);
        Path log = largest(".log");
        flip(log, lastByte(log) * percent / 100);

        assertThatThrownBy(this::queued)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(log.getFileName().toString());
    }

    @Test
    void damagedLogAndMissingTable_areRecovered() throws Exception {
        write(200, 400, true);
        write(400, 400, false);
        Path log = largest(".log");
        flip(log, lastByte(log) / 2);
        Files.delete(largest(".sst"));

        assertThatThrownBy(this::queued).hasMessageContaining("recover = true");

        assertThat(queued(settings().withRecover(true))).isSorted();
        assertThat(queued()).as("at the next start without it").isSorted();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void logsThatAreWhole_areNotSuspected(int starts) throws Exception {
        for (int i = 0; i < starts; i++) {
            write(300, 2_000, i % 2 == 1);
            assertThat(WalCheck.of(folder())).isNull();
        }
    }

    @Test
    void flippedByteInTheLastWrite_isLeftOut() throws Exception {
        write(20, 100, false);
        Path log = largest(".log");
        flip(log, lastByte(log) - 3);

        assertThat(queued()).hasSize(19).isSorted();
    }

    @Test
    void recover_ofWhatIsNotDamaged_changesNothing() throws Exception {
        write(10, 100, true);

        assertThat(queued(settings().withRecover(true))).hasSize(10);

        try (Stream<Path> beside = Files.list(temp)) {
            assertThat(beside).containsExactly(folder());
        }
    }

    private Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(folder())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                if (!name.startsWith("LOG") && !name.equals("LOCK")) {
                    files.put(name, Files.readAllBytes(file));
                }
            }
        }
        return files;
    }

    /** Whoever recovers then would get an empty store, and an old table as if it was the latest. */
    @ParameterizedTest
    @ValueSource(strings = {"first byte", "middle", "empty", "missing", "CURRENT"})
    void listOfFilesThatIsDamaged_isSaid_andNothingIsDeleted(String how) throws Exception {
        write(50, 400, true);
        write(100, 400, false);
        Path manifest = folder().resolve(Files.readString(folder().resolve("CURRENT")).strip());
        switch (how) {
            case "first byte" -> flip(manifest, 9);
            case "middle" -> flip(manifest, Files.size(manifest) / 2);
            case "empty" -> Files.write(manifest, new byte[0]);
            case "missing" -> Files.delete(manifest);
            default -> Files.delete(folder().resolve("CURRENT"));
        }
        Map<String, byte[]> before = files();

        for (boolean recover : new boolean[] {false, true}) {
            assertThatThrownBy(() -> queued(settings().withRecover(recover)))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("the list of its files is damaged")
                    .hasMessageContaining("Restore a backup")
                    .hasMessageNotContaining("\n");
        }

        Map<String, byte[]> after = files();
        assertThat(after).containsOnlyKeys(before.keySet());
        before.forEach((name, bytes) -> assertThat(after.get(name)).as(name).isEqualTo(bytes));
    }

    @Test
    void recovery_keepsTheFilesAsTheyWereFound() throws Exception {
        write(200, 400, true);
        write(400, 400, true);
        Files.delete(largest(".sst"));
        Set<String> before = new TreeSet<>(files().keySet());
        before.removeIf(name -> !name.endsWith(".sst"));

        queued(settings().withRecover(true));

        try (Stream<Path> kept = Files.walk(temp)) {
            assertThat(
                            kept.filter(file -> file.toString().contains("broker.damaged-"))
                                    .map(file -> file.getFileName().toString()))
                    .containsAll(before);
        }
    }

    @Test
    void missingTable_isSaid_andRecovered() throws Exception {
        write(50, 100, true);
        Files.delete(largest(".sst"));

        assertThatThrownBy(this::queued)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(".sst")
                .hasMessageContaining("recover = true");

        RocksStore store = RocksStore.open(settings().withRecover(true));
        ShardOwner owner = Samples.own(store);
        Samples.commit(owner, Samples.enqueue(owner, 9, 1, 1));
        assertThat(Samples.sequences(owner, 9)).containsExactly(1L);
        store.close();
    }

    @Test
    void libraryThatMayNotRun_isSaid_withWhatToSet() throws Exception {
        Path disk = Files.createDirectory(temp.resolve("noexec"));
        int mounted = mount("-t", "tmpfs", "-o", "size=64m,noexec", "tmpfs", disk.toString());
        assumeTrue(mounted == 0, "left out, because a disk can be mounted by root only");
        try {
            Process refused = OtherServer.start(folder(), "-Djava.io.tmpdir=" + disk);
            String said =
                    new String(refused.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(refused.waitFor()).isEqualTo(1);
            assertThat(said)
                    .contains(
                            "native library does not load here",
                            disk + " is writable and not mounted noexec",
                            "ROCKSDB_SHAREDLIB_DIR");
            assertThat(folder()).doesNotExist();

            Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
            Process opened =
                    OtherServer.start(
                            folder(),
                            Map.of("ROCKSDB_SHAREDLIB_DIR", elsewhere.toString()),
                            "-Djava.io.tmpdir=" + disk);
            assertThat(opened.waitFor()).isZero();
        } finally {
            assertThat(new ProcessBuilder("umount", "-l", disk.toString()).start().waitFor())
                    .isZero();
        }
    }

    private static int mount(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
        } catch (IOException noSuchProgram) {
            return -1;
        }
    }

    private static void unzip(String resource, Path into) throws IOException {
        Files.createDirectories(into);
        try (InputStream in = OpeningTest.class.getResourceAsStream(resource);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry; (entry = zip.getNextEntry()) != null; ) {
                Files.write(into.resolve(entry.getName()), zip.readAllBytes());
            }
        }
    }

    /** Tries to open a folder and says what comes of it. */
    static final class OtherServer {
        private OtherServer() {}

        static Process start(Path folder, String... options) throws IOException {
            return start(folder, Map.of(), options);
        }

        static Process start(Path folder, Map<String, String> environment, String... options)
                throws IOException {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of(options));
            command.add("-cp");
            command.add(System.getProperty("java.class.path"));
            command.add(OtherServer.class.getName());
            command.add(folder.toString());
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            return builder.start();
        }

        public static void main(String[] args) {
            try {
                RocksStore.open(Settings.of(Path.of(args[0])));
                System.exit(0);
            } catch (StorageException e) {
                System.out.println(e.getMessage());
                System.exit(1);
            }
        }
    }
}
