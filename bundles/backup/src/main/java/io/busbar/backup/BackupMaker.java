package io.busbar.backup;

import io.busbar.api.backup.spi.BackupSource;
import io.busbar.backup.archive.ArchiveWriter;
import io.busbar.backup.archive.OwnFiles;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes one backup: copies all sources, one right after another, then writes the copies into an
 * archive. Copies and archive are in a folder beside the target until the archive is complete, and
 * nothing of that folder stays.
 */
final class BackupMaker {
    /** How the folders begin in which backups are made. */
    static final String WORK = ".busbar-backup-";

    /** The file that says which store has the broker's state. */
    private static final String STATE_HOLDER = "broker.store";

    /** Stays free on the disk: with less, the broker would refuse what has to be stored. */
    private static final long RESERVE_BYTES = 128L << 20;

    private static final int MB = 1 << 20;

    private final List<BackupSource> sources;
    private final @Nullable Path configuration;
    private final @Nullable Path data;
    private final String version;
    private final Room room;

    /** Hears how far a backup has come. */
    @FunctionalInterface
    interface Progress {
        void at(long doneBytes, long totalBytes);
    }

    /**
     * Makes nothing yet.
     *
     * @param sources what is there at the time of a backup
     * @param configuration the folder of the configuration; null if there is none
     * @param data the data folder; null if it is not known
     */
    BackupMaker(
            List<BackupSource> sources,
            @Nullable Path configuration,
            @Nullable Path data,
            String version,
            Room room) {
        this.sources = sources;
        this.configuration = configuration;
        this.data = data;
        this.version = version;
        this.room = room;
    }

    /**
     * Makes a backup.
     *
     * @param target the file; does not exist yet
     * @throws IOException if that is not possible; nothing is left of it then
     */
    void make(Path target, Instant at, Progress progress) throws IOException {
        Path folder = target.getParent();
        if (folder == null || sources.isEmpty()) {
            throw new IOException("there is no store to copy: see 'bundle:list'");
        }
        String holder = stateHolder();
        checkComplete(holder);
        OwnFiles.createFolders(folder);
        checkRoom(folder);
        Path work = Files.createTempDirectory(folder, WORK);
        try {
            Path copies = Files.createDirectory(work.resolve("copies"));
            for (BackupSource source : sources) {
                source.copyTo(copies.resolve(source.folder()));
            }
            copyConfiguration(copies);
            if (!holder.equals(stateHolder())) {
                throw new IOException(
                        "the broker's state was moved to another store meanwhile: try again");
            }
            long total = ArchiveWriter.sizeBytes(copies);
            progress.at(0, total);
            Path archive = work.resolve(target.getFileName());
            ArchiveWriter.write(copies, archive, version, at, done -> progress.at(done, total));
            if (Files.exists(target)) {
                throw new IOException(target + " exists already");
            }
            Files.move(archive, target, StandardCopyOption.ATOMIC_MOVE);
            OwnFiles.forceNames(folder);
        } finally {
            OwnFiles.delete(work);
        }
    }

    /** A backup without a part would look like that of a server that never had it. */
    private void checkComplete(String holder) throws IOException {
        require("documents");
        if (!holder.isEmpty()) {
            require("broker state");
        }
    }

    private void require(String part) throws IOException {
        if (sources.stream().noneMatch(source -> source.name().equals(part))) {
            throw new IOException(
                    "there is no copy of the " + part + ", because its store does not run");
        }
    }

    /** Which store has the broker's state; empty if that is not written down. */
    private String stateHolder() throws IOException {
        Path file = data == null ? null : data.resolve(STATE_HOLDER);
        return file == null || !Files.exists(file) ? "" : Files.readString(file);
    }

    /** For the copies and, in the worst case, an archive of the same size. */
    private void checkRoom(Path folder) throws IOException {
        long needed = RESERVE_BYTES;
        for (BackupSource source : sources) {
            needed += 2 * source.sizeBytes();
        }
        long usable = room.usableBytes(folder);
        if (usable < needed) {
            throw new IOException(
                    "there is not enough room in "
                            + folder
                            + ": it takes up to "
                            + needed / MB
                            + " MB while it is made, "
                            + usable / MB
                            + " MB are free. Free some space, or name a folder on another disk");
        }
    }

    private void copyConfiguration(Path copies) throws IOException {
        if (configuration != null && Files.isDirectory(configuration)) {
            Path to = copies.resolve("etc");
            // Links, such as those of secrets that are mounted, are followed.
            try (Stream<Path> walk = Files.walk(configuration, FileVisitOption.FOLLOW_LINKS)) {
                for (Path file : walk.filter(Files::isRegularFile).toList()) {
                    copy(file, to.resolve(configuration.relativize(file).toString()));
                }
            }
        }
        if (data != null) {
            copy(data.resolve(STATE_HOLDER), copies.resolve(STATE_HOLDER));
        }
    }

    private static void copy(Path file, Path to) throws IOException {
        Path parent = to.getParent();
        if (parent != null) {
            OwnFiles.createFolders(parent);
        }
        try {
            Files.copy(file, to);
        } catch (NoSuchFileException e) {
            // It was deleted meanwhile, or never there: then it belongs to no backup.
            return;
        }
    }
}
