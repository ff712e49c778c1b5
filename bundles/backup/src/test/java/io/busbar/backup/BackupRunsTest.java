package io.busbar.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.busbar.api.audit.Actor;
import io.busbar.api.backup.Backup;
import io.busbar.api.backup.Backup.State;
import io.busbar.api.backup.spi.BackupSource;
import io.busbar.api.storage.ConflictException;
import io.busbar.testkit.time.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BackupRunsTest {
    private static final Actor ANNA = Actor.shell("anna");

    @TempDir Path temp;
    private final List<BackupSource> sources = new ArrayList<>();
    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-30T11:50:30.123Z"));
    private Path folder;
    private long usable = Long.MAX_VALUE;
    private @Nullable BackupRuns runs;

    @BeforeEach
    void prepare() throws IOException {
        folder = temp.resolve("backups");
        Path etc = Files.createDirectories(temp.resolve("data/etc"));
        Files.writeString(etc.resolve("a.cfg"), "a = 1");
        sources.add(source("db", to -> Files.writeString(to.resolve("documents.db"), "docs")));
    }

    @AfterEach
    void close() {
        if (runs != null) {
            runs.close();
        }
    }

    private BackupRuns runs(int keep) {
        BackupRuns made =
                new BackupRuns(
                        new BackupMaker(
                                sources,
                                temp.resolve("data/etc"),
                                temp.resolve("data"),
                                "1.2.3",
                                any -> usable),
                        folder,
                        keep,
                        clock);
        runs = made;
        return made;
    }

    /** Writes into the folder of a copy, which is there. */
    @FunctionalInterface
    private interface Writing {
        void to(Path folder) throws IOException;
    }

    private static BackupSource source(String folder, Writing writing) {
        return new BackupSource() {
            @Override
            public String name() {
                return folder.equals("db") ? "documents" : "broker state";
            }

            @Override
            public String folder() {
                return folder;
            }

            @Override
            public long sizeBytes() {
                return 1000;
            }

            @Override
            public void copyTo(Path to) throws IOException {
                writing.to(Files.createDirectory(to));
            }
        };
    }

    private static Backup end(BackupRuns runs) throws Exception {
        return runs.start(null, ANNA).end().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void backup_isOneFileForItsOwnerOnly_namedByItsTime() throws Exception {
        Backup backup = end(runs(7));

        assertThat(backup.failure()).isNull();
        assertThat(backup.state()).isEqualTo(State.DONE);
        assertThat(names(folder)).containsExactly("busbar-20261130T115030.123Z.zip");
        assertThat(backup.file()).isEqualTo(folder.resolve("busbar-20261130T115030.123Z.zip"));
        assertThat(backup.sizeBytes()).isEqualTo(Files.size(backup.file()));
        assertThat(backup.doneBytes()).isEqualTo(backup.totalBytes()).isEqualTo(9);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup.file())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
    }

    @Test
    void second_whileOneIsMade_isRefused() throws Exception {
        CountDownLatch copying = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        sources.add(
                source(
                        "broker",
                        to -> {
                            copying.countDown();
                            try {
                                go.await();
                            } catch (InterruptedException e) {
                                throw new IOException(e);
                            }
                        }));
        BackupRuns all = runs(7);
        var started = all.start(null, ANNA);
        copying.await();

        assertThatThrownBy(() -> all.start(null, ANNA))
                .isInstanceOf(ConflictException.class)
                .hasMessageStartingWith("A backup is being made already: ");
        assertThat(all.list()).extracting(Backup::state).containsExactly(State.RUNNING);

        go.countDown();
        assertThat(started.end().toCompletableFuture().get(60, TimeUnit.SECONDS).state())
                .isEqualTo(State.DONE);
        clock.advance(Duration.ofSeconds(1));
        assertThat(end(all).state()).isEqualTo(State.DONE);
    }

    @Test
    void withoutTheStoreThatHasTheBrokersState_itFails_andOldOnesStay() throws Exception {
        BackupRuns all = runs(1);
        Backup complete = end(all);
        clock.advance(Duration.ofSeconds(1));
        Files.createDirectories(temp.resolve("data"));
        Files.writeString(temp.resolve("data/broker.store"), "rocksdb\n");

        Backup backup = end(all);

        assertThat(backup.state()).isEqualTo(State.FAILED);
        assertThat(backup.failure())
                .isEqualTo(
                        "The backup failed: there is no copy of the broker state, because its"
                                + " store does not run.");
        assertThat(complete.file()).exists();
    }

    @Test
    void stateThatIsMovedMeanwhile_fails() throws Exception {
        Files.createDirectories(temp.resolve("data"));
        Files.writeString(temp.resolve("data/broker.store"), "rocksdb\n");
        sources.add(
                source(
                        "broker",
                        to -> Files.writeString(temp.resolve("data/broker.store"), "other\n")));

        Backup backup = end(runs(7));

        assertThat(backup.state()).isEqualTo(State.FAILED);
        assertThat(backup.failure()).contains("was moved to another store meanwhile");
        assertThat(names(folder)).isEmpty();
    }

    @Test
    void storeWhoseBundleIsGone_fails_andTheNextIsMade() throws Exception {
        BackupSource broken =
                source(
                        "broker",
                        to -> {
                            throw new NoClassDefFoundError("gone");
                        });
        sources.add(broken);
        BackupRuns all = runs(7);

        assertThat(end(all).state()).isEqualTo(State.FAILED);

        sources.remove(broken);
        clock.advance(Duration.ofSeconds(1));
        assertThat(end(all).state()).isEqualTo(State.DONE);
    }

    @Test
    void failingSource_leavesNothingBehind_andIsTold() throws Exception {
        sources.add(
                source(
                        "broker",
                        to -> {
                            Files.writeString(to.resolve("half"), "x");
                            throw new IOException("the disk reported an error");
                        }));
        BackupRuns all = runs(7);

        Backup backup = end(all);

        assertThat(backup.state()).isEqualTo(State.FAILED);
        assertThat(backup.failure()).isEqualTo("The backup failed: the disk reported an error.");
        assertThat(names(folder)).isEmpty();
        assertThat(all.list()).containsExactly(backup);
    }

    @Test
    void stop_whileOneIsMade_leavesNothingBehind() throws Exception {
        CountDownLatch copying = new CountDownLatch(1);
        sources.add(
                source(
                        "broker",
                        to -> {
                            copying.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                throw new IOException("interrupted", e);
                            }
                        }));
        BackupRuns all = runs(7);
        var started = all.start(null, ANNA);
        copying.await();

        all.close();

        assertThat(started.end().toCompletableFuture().get(60, TimeUnit.SECONDS).state())
                .isEqualTo(State.FAILED);
        assertThat(names(folder)).isEmpty();
    }

    @Test
    void start_deletesWhatAKilledProcessHasLeft_andNothingElse() throws Exception {
        Files.createDirectories(folder.resolve(".busbar-backup-123/copies/db"));
        Files.writeString(folder.resolve(".busbar-backup-123/copies/db/documents.db"), "x");
        Files.writeString(folder.resolve("notes.txt"), "x");

        end(runs(7));

        assertThat(names(folder)).containsExactly("busbar-20261130T115030.123Z.zip", "notes.txt");
    }

    @Test
    void withoutRoom_isToldBeforeAnythingIsCopied() throws Exception {
        usable = 5 << 20;
        sources.add(
                source(
                        "broker",
                        to -> {
                            throw new AssertionError("copied");
                        }));

        Backup backup = end(runs(7));

        assertThat(backup.failure())
                .contains("not enough room in " + folder)
                .contains("128 MB while it is made, 5 MB are free");
        assertThat(names(folder)).isEmpty();
    }

    @Test
    void withoutAnySource_isAFailure() throws Exception {
        sources.clear();

        assertThat(end(runs(7)).failure()).contains("there is no store to copy");
    }

    @Test
    void oldBackups_areDeleted_whenANewOneIsComplete() throws Exception {
        BackupRuns all = runs(2);
        for (int i = 0; i < 3; i++) {
            assertThat(end(all).state()).isEqualTo(State.DONE);
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(names(folder))
                .containsExactly(
                        "busbar-20261130T115031.123Z.zip", "busbar-20261130T115032.123Z.zip");
        assertThat(all.list())
                .extracting(each -> each.startedAt().toString())
                .containsExactly("2026-11-30T11:50:32.123Z", "2026-11-30T11:50:31.123Z");
    }

    @Test
    void anotherFolder_getsTheFile_andNothingIsDeletedThere() throws Exception {
        Path other = Files.createDirectory(temp.resolve("other"));
        Files.writeString(other.resolve("busbar-20200101T000000.000Z.zip"), "old");

        Backup backup =
                runs(1).start(other, ANNA).end().toCompletableFuture().get(60, TimeUnit.SECONDS);

        assertThat(backup.state()).isEqualTo(State.DONE);
        assertThat(names(other))
                .containsExactly(
                        "busbar-20200101T000000.000Z.zip", "busbar-20261130T115030.123Z.zip");
    }
}
