package io.busbar.storage.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.health.Finding;
import io.busbar.api.storage.Document;
import io.busbar.api.storage.DocumentChange;
import io.busbar.api.storage.Documents;
import io.busbar.api.storage.StorageException;
import io.busbar.testkit.config.ConfigFile;
import io.busbar.testkit.contract.DocumentsContract;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.JDBC;

class SqliteDocumentsTest extends DocumentsContract {
    @TempDir Path temp;
    private Path folder;
    private SqliteDocuments documents;

    @BeforeEach
    void open() {
        folder = temp.resolve("db");
        documents = SqliteDocuments.open(folder);
    }

    @AfterEach
    void close() {
        documents.close();
    }

    @Override
    protected Documents documents() {
        return documents;
    }

    @Test
    void open_again_findsWhatWasWritten() {
        documents.commit(List.of(DocumentChange.create("things", "a", "{\"n\":1}")));
        documents.close();

        documents = SqliteDocuments.open(folder);

        assertThat(documents.get("things", "a"))
                .contains(new Document("things", "a", "{\"n\":1}", 1));
    }

    @Test
    void open_makesFilesForTheOwnerOnly() throws Exception {
        documents.commit(List.of(DocumentChange.create("things", "a", "{}")));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        try (var files = Files.list(folder)) {
            assertThat(files)
                    .hasSizeGreaterThanOrEqualTo(3)
                    .allSatisfy(
                            file ->
                                    assertThat(
                                                    PosixFilePermissions.toString(
                                                            Files.getPosixFilePermissions(file)))
                                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void open_usesTheDurableSettings() throws Exception {
        documents.close();
        try (SqliteFile file = SqliteFile.open(folder)) {
            assertThat(pragma(file, "journal_mode")).isEqualTo("wal");
            assertThat(pragma(file, "synchronous")).isEqualTo("2");
            assertThat(pragma(file, "foreign_keys")).isEqualTo("1");
            assertThat(pragma(file, "user_version")).isEqualTo("1");
        }
    }

    @Test
    void close_leavesOneCompleteFile() throws Exception {
        documents.commit(List.of(DocumentChange.create("things", "a", "{}")));

        documents.close();
        documents.close();

        assertThat(folder.resolve("documents.db-wal")).doesNotExist();
        assertThatThrownBy(() -> documents.get("things", "a"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("is closed");
    }

    @Test
    void open_twice_isRefused() {
        assertThatThrownBy(() -> SqliteDocuments.open(folder))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("in use by another Busbar");
        assertThat(documents.scan("things")).isEmpty();
    }

    @Test
    void open_noDatabase_saysWhatToDoAndDeletesNothing() throws Exception {
        documents.close();
        Path file = folder.resolve("documents.db");
        Files.writeString(file, "this is no database, whatever its name says. ".repeat(200));
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> SqliteDocuments.open(folder))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("is damaged")
                .hasMessageContaining("Restore a backup");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void open_damagedPages_saysWhatToDoAndDeletesNothing() throws Exception {
        for (int i = 0; i < 200; i++) {
            documents.commit(
                    List.of(
                            DocumentChange.put(
                                    "things", "k" + i, "{\"x\":\"" + "y".repeat(500) + "\"}")));
        }
        documents.close();
        Path file = folder.resolve("documents.db");
        long size = Files.size(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            byte[] noise = new byte[8192];
            java.util.Arrays.fill(noise, (byte) 0x5A);
            channel.write(ByteBuffer.wrap(noise), 8192);
        }

        assertThatThrownBy(() -> SqliteDocuments.open(folder))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("is damaged")
                .hasMessageContaining("Nothing was deleted");
        assertThat(Files.size(file)).isEqualTo(size);
    }

    @Test
    void open_someoneElsesDatabase_isLeftAlone() throws Exception {
        documents.close();
        Path other = Files.createDirectory(temp.resolve("other"));
        execute(other.resolve("documents.db"), "CREATE TABLE precious (a)");

        assertThatThrownBy(() -> SqliteDocuments.open(other))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("not made by Busbar");
    }

    @Test
    void open_newerFormat_isRefused() throws Exception {
        documents.close();
        execute(folder.resolve("documents.db"), "PRAGMA user_version = 99");

        assertThatThrownBy(() -> SqliteDocuments.open(folder))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("newer Busbar");
    }

    @Test
    void open_folderIsAFile_saysWhatToDo() throws Exception {
        Path file = Files.writeString(temp.resolve("file"), "x");

        assertThatThrownBy(() -> SqliteDocuments.open(file))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("Check that the folder");
    }

    @Test
    void commit_diskFull_saysSoAndChangesNothing() throws Exception {
        documents.commit(List.of(DocumentChange.create("things", "a", "{\"n\":1}")));
        sql("PRAGMA max_page_count = 10");
        String large = "{\"x\":\"" + "y".repeat(200_000) + "\"}";

        assertThatThrownBy(
                        () ->
                                documents.commit(
                                        List.of(
                                                DocumentChange.put("things", "a", "{}"),
                                                DocumentChange.put("things", "b", large))))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("disk is full");
        assertThat(documents.get("things", "a").orElseThrow().json()).isEqualTo("{\"n\":1}");
        assertThat(documents.get("things", "b")).isEmpty();

        sql("PRAGMA max_page_count = 100000");
        documents.commit(List.of(DocumentChange.put("things", "b", large)));
        assertThat(documents.get("things", "b")).isPresent();
    }

    @Test
    void findings_commitFailed_tellsUntilItCanWriteAgain() throws Exception {
        assertThat(documents.findings()).isEmpty();
        sql("PRAGMA max_page_count = 10");
        String large = "{\"x\":\"" + "y".repeat(200_000) + "\"}";
        assertThatThrownBy(
                        () -> documents.commit(List.of(DocumentChange.put("things", "b", large))))
                .isInstanceOf(StorageException.class);

        assertThat(documents.findings())
                .singleElement()
                .satisfies(
                        finding -> {
                            assertThat(finding.subject()).isEqualTo("storage");
                            assertThat(finding.severity()).isEqualTo(Finding.Severity.DOWN);
                            assertThat(finding.detail()).contains("disk is full");
                        });

        sql("PRAGMA max_page_count = 100000");
        assertThat(documents.findings()).isEmpty();
        assertThat(documents.scan("probe")).isEmpty();
    }

    @Test
    void findings_diskNearlyFull_tellsBeforeACommitFails() {
        AtomicLong free = new AtomicLong(1 << 30);
        documents.close();
        documents = SqliteDocuments.open(folder, file -> free.get());
        assertThat(documents.findings()).isEmpty();

        free.set(200 << 10);
        assertThat(documents.findings())
                .singleElement()
                .satisfies(
                        finding ->
                                assertThat(finding.detail())
                                        .contains("only 200 KiB of the disk are free")
                                        .contains(folder.toString()));

        free.set(1 << 30);
        assertThat(documents.findings()).isEmpty();
    }

    @Test
    void open_fileCutShort_saysWhatToDoAndDeletesNothing() throws Exception {
        documents.commit(List.of(DocumentChange.create("things", "a", "{\"n\":1}")));
        documents.close();
        Path file = folder.resolve("documents.db");
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 1, 100, 511, 4096, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));

            assertThatThrownBy(() -> SqliteDocuments.open(folder))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("Restore a backup");
            assertThat(file).hasSize(length);
        }
        Files.write(file, whole);
        documents = SqliteDocuments.open(folder);
        assertThat(documents.get("things", "a")).isPresent();
    }

    @Test
    void open_fileGoneButNotItsLog_isNotTakenForAFirstStart() throws Exception {
        documents.close();
        Files.delete(folder.resolve("documents.db"));
        Files.write(folder.resolve("documents.db-wal"), new byte[100]);

        assertThatThrownBy(() -> SqliteDocuments.open(folder))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("the file is missing, but documents.db-wal");
        assertThat(folder.resolve("documents.db-wal")).hasSize(100);
    }

    @Test
    void open_afterAFirstStartThatWasCutShort_startsAnew() throws Exception {
        documents.close();
        Files.delete(folder.resolve("documents.db"));
        Files.write(folder.resolve("documents.db.new"), new byte[0]);
        Files.write(folder.resolve("documents.db.new-wal"), new byte[10]);

        documents = SqliteDocuments.open(folder);

        documents.commit(List.of(DocumentChange.create("things", "a", "{}")));
        assertThat(folder.resolve("documents.db.new")).doesNotExist();
    }

    @Test
    void commit_readOnly_saysSoAndStillReads() throws Exception {
        documents.commit(List.of(DocumentChange.create("things", "a", "{}")));
        sql("PRAGMA query_only = 1");

        assertThatThrownBy(() -> documents.commit(List.of(DocumentChange.put("things", "b", "{}"))))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("read-only");
        assertThat(documents.get("things", "a")).isPresent();
    }

    @Test
    void folder_replacesTheDataFolder() {
        assertThat(SqliteStorage.folder("${karaf.data}/db", "/srv/busbar"))
                .isEqualTo(Path.of("/srv/busbar/db"));
        assertThat(SqliteStorage.folder("/elsewhere", null)).isEqualTo(Path.of("/elsewhere"));
    }

    @Test
    void shippedConfiguration_showsEveryKey() {
        ConfigFile.assertShows(SqliteStorage.Config.class, "io.busbar.storage.sqlite.cfg");
    }

    private void sql(String sql) throws SQLException {
        documents.file().execute(sql);
    }

    private static void execute(Path file, String sql) throws SQLException {
        try (Connection connection =
                        JDBC.createConnection("jdbc:sqlite:" + file, new java.util.Properties());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String pragma(SqliteFile file, String name) throws SQLException {
        try (Statement statement = file.connection().createStatement();
                var rows = statement.executeQuery("PRAGMA " + name)) {
            return rows.getString(1);
        }
    }
}
