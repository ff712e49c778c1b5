package io.busbar.backup.restore;

import io.busbar.backup.archive.ArchiveReader;
import io.busbar.backup.archive.Manifest;
import io.busbar.backup.archive.OwnFiles;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/**
 * Restores a backup into a data folder that is new or empty. The backup is unpacked and checked
 * beside it, and gets the folder's name only when every byte is right: a restore that ends early
 * leaves the folder as it was.
 */
public final class Restore {
    private static final int MB = 1 << 20;

    private Restore() {}

    /** The launcher gives two paths: the backup and the data folder. */
    public static void main(String[] arguments) {
        System.exit(run(Path.of(arguments[0]), Path.of(arguments[1]), System.out, System.err));
    }

    /** Says in one line what was restored or what is wrong, and returns the exit code. */
    static int run(Path archive, Path data, PrintStream out, PrintStream err) {
        try {
            Manifest manifest = restore(archive, data);
            out.println(
                    "Restored "
                            + data
                            + " from the backup of "
                            + manifest.createdAt()
                            + " (version "
                            + manifest.version()
                            + "): "
                            + manifest.files().size()
                            + " files, "
                            + (manifest.totalBytes() + MB - 1) / MB
                            + " MB. Start it with: busbar run --data "
                            + data);
            return 0;
        } catch (IOException | RuntimeException e) {
            String text = e.getMessage();
            boolean said = text != null && !(e instanceof FileSystemException);
            err.println("busbar: " + (said ? text : e) + ". Nothing was restored.");
            return 1;
        }
    }

    private static Manifest restore(Path archive, Path folder) throws IOException {
        Path data =
                Files.exists(folder) ? folder.toRealPath() : folder.toAbsolutePath().normalize();
        checkEmpty(data);
        Path parent = data.getParent();
        if (parent == null) {
            throw new IOException(data + " cannot be a data folder");
        }
        OwnFiles.createFolders(parent);
        Path work = Files.createTempDirectory(parent, "." + data.getFileName() + ".restore-");
        try {
            Manifest manifest = ArchiveReader.unpack(archive, work);
            checkEmpty(data);
            try {
                Files.move(work, data, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException e) {
                throw new IOException(
                        data
                                + " cannot take the place of what was unpacked beside it ("
                                + e.getReason()
                                + "): name a folder that does not exist yet, and that is no mount"
                                + " point",
                        e);
            }
            OwnFiles.forceNames(parent);
            return manifest;
        } finally {
            OwnFiles.delete(work);
        }
    }

    private static void checkEmpty(Path data) throws IOException {
        if (Files.notExists(data, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(data)) {
            throw new IOException(data + " is not a folder");
        }
        try (Stream<Path> files = Files.list(data)) {
            if (files.findAny().isPresent()) {
                throw new IOException(
                        data + " is not empty: name a new folder, or move its content away");
            }
        }
    }
}
