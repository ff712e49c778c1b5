package io.busbar.backup;

import io.busbar.api.audit.Actor;
import io.busbar.api.backup.Backup;
import io.busbar.api.backup.Backup.State;
import io.busbar.api.backup.Backups;
import io.busbar.api.storage.ConflictException;
import io.busbar.backup.archive.OwnFiles;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes backups on a thread of its own, one at a time, and knows which there are. Thread-safe. */
final class BackupRuns implements Backups, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BackupRuns.class);

    private static final String BEGINNING = "busbar-";
    private static final String END = ".zip";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT);
    private static final int MAX_LISTED = 1_000;
    private static final int CLOSE_SECONDS = 30;

    private final BackupMaker maker;
    private final Clock clock;
    private final ExecutorService thread;

    private volatile Path folder;
    private volatile int keep;

    /** Written by the thread while it runs. */
    private volatile @Nullable Backup latest;

    private boolean closed;

    /**
     * Deletes what an earlier process left behind.
     *
     * @param folder where backups go
     * @param keep how many stay there; 0 for all
     */
    BackupRuns(BackupMaker maker, Path folder, int keep, Clock clock) {
        this.maker = maker;
        this.folder = folder;
        this.keep = keep;
        this.clock = clock;
        thread =
                Executors.newSingleThreadExecutor(
                        task -> {
                            Thread own = new Thread(task, "busbar-backup");
                            own.setDaemon(true);
                            return own;
                        });
        thread.execute(() -> deleteLeftOvers(folder));
    }

    private static void deleteLeftOvers(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> all = Files.list(folder)) {
            for (Path each : all.toList()) {
                if (String.valueOf(each.getFileName()).startsWith(BackupMaker.WORK)) {
                    OwnFiles.delete(each);
                }
            }
        } catch (IOException e) {
            LOG.warn("Left-overs of a backup stay: {} (folder={})", e, folder);
        }
    }

    /** Takes another folder and number; what is being made goes on. */
    void configure(Path folder, int keep) {
        this.folder = folder;
        this.keep = keep;
    }

    @Override
    public synchronized Started start(@Nullable Path into, Actor actor) {
        Backup before = latest;
        if (before != null && before.state() == State.RUNNING) {
            throw new ConflictException("A backup is being made already: " + before.file() + ".");
        }
        if (closed) {
            throw new IllegalStateException("The server is stopping: no backup is made any more.");
        }
        Instant at = clock.instant();
        Path target =
                (into == null ? folder : into.toAbsolutePath().normalize())
                        .resolve(BEGINNING + TIME.format(at.atOffset(ZoneOffset.UTC)) + END);
        Backup begun = new Backup(target, State.RUNNING, at, 0, 0, 0, null);
        latest = begun;
        LOG.info("Backup begun (file={}, by={})", target, actor);
        CompletableFuture<Backup> end = new CompletableFuture<>();
        thread.execute(() -> end.complete(run(begun)));
        return new Started(begun, end);
    }

    private Backup run(Backup begun) {
        Path target = begun.file();
        Backup end;
        try {
            maker.make(
                    target,
                    begun.startedAt(),
                    (done, total) ->
                            latest =
                                    new Backup(
                                            target,
                                            State.RUNNING,
                                            begun.startedAt(),
                                            done,
                                            total,
                                            0,
                                            null));
            end = state(begun, State.DONE, Files.size(target), null);
            LOG.info(
                    "Backup made (file={}, bytes={}, of={})",
                    target,
                    end.sizeBytes(),
                    end.totalBytes());
            deleteOld(target);
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
            String why = sentence(e);
            end = state(begun, State.FAILED, 0, "The backup failed: " + why);
            LOG.warn("Backup failed: {} (file={})", why, target);
            LOG.debug("Backup failed", e);
        }
        latest = end;
        return end;
    }

    private static String sentence(Throwable e) {
        String text = e.getMessage();
        if (text == null || e instanceof FileSystemException) {
            // Its message is only a path.
            text = e.toString();
        }
        return text.endsWith(".") ? text : text + ".";
    }

    private Backup state(Backup begun, State state, long size, @Nullable String failure) {
        Backup last = latest;
        Backup of = last == null ? begun : last;
        return new Backup(
                begun.file(),
                state,
                begun.startedAt(),
                of.doneBytes(),
                of.totalBytes(),
                size,
                failure);
    }

    /** Only in the configured folder: elsewhere, people decide what stays. */
    private void deleteOld(Path made) {
        int most = keep;
        if (most == 0 || !folder.equals(made.getParent())) {
            return;
        }
        try {
            List<Backup> all = files();
            for (Backup old : all.subList(Math.min(most, all.size()), all.size())) {
                Files.deleteIfExists(old.file());
                LOG.info("Backup deleted, {} are kept (file={})", most, old.file());
            }
        } catch (IOException e) {
            LOG.warn("Old backups stay: {} (folder={})", e, folder);
        }
    }

    @Override
    public List<Backup> list() {
        List<Backup> all = new ArrayList<>();
        Backup last = latest;
        if (last != null) {
            all.add(last);
        }
        try {
            files().stream()
                    .filter(each -> last == null || !each.file().equals(last.file()))
                    .forEach(all::add);
        } catch (IOException e) {
            throw new IllegalStateException("The folder of the backups cannot be read: " + e, e);
        }
        return List.copyOf(all.subList(0, Math.min(MAX_LISTED, all.size())));
    }

    /** The backups in the configured folder, the latest first. */
    private List<Backup> files() throws IOException {
        Path from = folder;
        if (!Files.isDirectory(from)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(from)) {
            return all.flatMap(file -> made(file).stream())
                    .sorted(Comparator.comparing(Backup::startedAt).reversed())
                    .toList();
        }
    }

    private static Optional<Backup> made(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.startsWith(BEGINNING) || !name.endsWith(END) || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        String time = name.substring(BEGINNING.length(), name.length() - END.length());
        try {
            Instant at = LocalDateTime.parse(time, TIME).toInstant(ZoneOffset.UTC);
            return Optional.of(
                    new Backup(file, State.DONE, at, 0, 0, file.toFile().length(), null));
        } catch (DateTimeParseException e) {
            // A file of somebody else.
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("A backup does not end; the next start deletes what is left of it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
