package io.busbar.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.busbar.backup.archive.ArchiveWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestoreTest {
    private static final Instant AT = Instant.parse("2026-11-30T11:50:30.123Z");

    @TempDir Path temp;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path archive;
    private Path data;

    @BeforeEach
    void makeABackup() throws IOException {
        Path folder = temp.resolve("copies");
        Files.createDirectories(folder.resolve("broker"));
        Files.createDirectories(folder.resolve("etc"));
        Files.writeString(folder.resolve("broker/000012.sst"), "state".repeat(100_000));
        Files.writeString(folder.resolve("broker/empty"), "");
        Files.writeString(folder.resolve("etc/a.cfg"), "a = 1");
        archive = temp.resolve("busbar.zip");
        data = temp.resolve("restored/data");
        ArchiveWriter.write(folder, archive, "1.2.3", AT, bytes -> {});
    }

    private int restore() {
        return Restore.run(archive, data, new PrintStream(out, true), new PrintStream(err, true));
    }

    private void refused(String message) throws IOException {
        assertThat(restore()).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains(message)
                .startsWith("busbar: ")
                .endsWith(". Nothing was restored.\n")
                .hasLineCount(1);
        assertThat(out.size()).isZero();
        if (Files.exists(data.getParent())) {
            try (Stream<Path> left = Files.list(data.getParent())) {
                assertThat(left.filter(each -> !each.equals(data))).isEmpty();
            }
        }
    }

    /** The files of the archive. */
    private Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                files.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return files;
    }

    private void write(Map<String, byte[]> files) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
                zip.closeEntry();
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void backup_isRestoredIntoANewFolder_forItsOwnerOnly() throws Exception {
        assertThat(restore()).as(err.toString(StandardCharsets.UTF_8)).isZero();

        assertThat(data.resolve("broker/000012.sst")).content().isEqualTo("state".repeat(100_000));
        assertThat(data.resolve("broker/empty")).isEmptyFile();
        assertThat(data.resolve("etc/a.cfg")).content().isEqualTo("a = 1");
        assertThat(data.resolve("manifest.json")).doesNotExist();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwx------");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(data.resolve("etc/a.cfg"))))
                .isEqualTo("rw-------");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .hasLineCount(1)
                .startsWith("Restored " + data + " from the backup of 2026-11-30T11:50:30.123Z")
                .contains("(version 1.2.3): 3 files, 1 MB");
    }

    @Test
    void emptyFolder_isFilled() throws Exception {
        Files.createDirectories(data);

        assertThat(restore()).as(err.toString(StandardCharsets.UTF_8)).isZero();

        assertThat(data.resolve("etc/a.cfg")).exists();
    }

    @Test
    void folderThatHasSomething_isRefused_andStaysAsItIs() throws Exception {
        Files.createDirectories(data);
        Files.writeString(data.resolve("mine"), "x");

        refused("is not empty: name a new folder");

        try (Stream<Path> left = Files.list(data)) {
            assertThat(left).containsExactly(data.resolve("mine"));
        }
    }

    @Test
    void changedByte_isFound_whereverItIs() throws Exception {
        byte[] good = Files.readAllBytes(archive);
        for (int at = 0; at < good.length; at += 61) {
            byte[] bad = good.clone();
            bad[at] ^= 0x40;
            Files.write(archive, bad);
            out.reset();
            err.reset();
            if (restore() == 0) {
                // A byte that stands for nothing, such as the time of a file.
                assertThat(data.resolve("broker/000012.sst"))
                        .content()
                        .isEqualTo("state".repeat(100_000));
                assertThat(data.resolve("etc/a.cfg")).content().isEqualTo("a = 1");
                io.busbar.backup.archive.OwnFiles.delete(data);
            }
        }
    }

    @Test
    void changedFile_isNamed() throws Exception {
        Map<String, byte[]> files = files();
        files.put("etc/a.cfg", bytes("a = 2"));
        write(files);

        refused("is damaged: etc/a.cfg is not what was written");
    }

    @Test
    void fileThatIsLongerThanItWas_isNotUnpackedFurther() throws Exception {
        Map<String, byte[]> files = files();
        files.put("etc/a.cfg", new byte[10_000_000]);
        write(files);

        refused("is damaged: etc/a.cfg is not what was written");
    }

    @Test
    void archiveThatIsCutShort_isRefused() throws Exception {
        byte[] good = Files.readAllBytes(archive);
        for (int length : new int[] {0, 1, good.length / 2, good.length - 1}) {
            Files.write(archive, Arrays.copyOf(good, length));
            err.reset();

            refused("is no backup, or cut short or damaged");
        }
    }

    @Test
    void fileThatIsMissing_isNamed() throws Exception {
        Map<String, byte[]> files = files();
        files.remove("broker/empty");
        write(files);

        refused("is incomplete: broker/empty is missing");
    }

    @Test
    void fileThatTheManifestDoesNotName_isRefused() throws Exception {
        Map<String, byte[]> files = files();
        files.put("etc/b.cfg", bytes("b = 1"));
        write(files);

        refused("has the file etc/b.cfg, which its manifest.json does not name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil",
                "etc/../../evil",
                "/evil",
                "etc//a",
                "./a",
                "etc/.",
                "a\\\\..\\\\b",
                ""
            })
    void pathThatLeavesTheFolder_isRefused(String path) throws Exception {
        String hash =
                HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes("evil")));
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(path.replace("\\\\", "\\"), bytes("evil"));
        files.put(
                "manifest.json",
                bytes(
                        "{\"format\":1,\"version\":\"1\",\"createdAt\":\"2026-11-30T11:50:30Z\","
                                + "\"files\":[{\"path\":\""
                                + path
                                + "\",\"size\":4,\"sha256\":\""
                                + hash
                                + "\"}]}"));
        write(files);

        refused("leaves the data folder");
        assertThat(temp.resolve("evil")).doesNotExist();
        assertThat(data.resolveSibling("evil")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "\"1\"", "1.5", "null"})
    void unknownFormat_isNamed(String format) throws Exception {
        Map<String, byte[]> files = files();
        files.put("manifest.json", bytes("{\"format\":" + format + ",\"new\":[]}"));
        write(files);

        refused("it has the format " + format + ", this version knows 1");
    }

    @Test
    void manifestThatIsNone_isRefused() throws Exception {
        Map<String, byte[]> files = files();
        files.put("manifest.json", bytes("{\"format\":1"));
        write(files);
        refused("its manifest.json is damaged");

        err.reset();
        files.remove("manifest.json");
        write(files);
        refused("is no backup: there is no manifest.json");
    }

    @Test
    void archiveThatIsNotThere_isSaid() throws Exception {
        Files.delete(archive);

        refused(archive + " is not a file");
    }
}
