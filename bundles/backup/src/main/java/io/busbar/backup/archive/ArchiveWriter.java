package io.busbar.backup.archive;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes a folder into an archive. */
public final class ArchiveWriter {
    private static final int BUFFER_BYTES = 64 << 10;

    private ArchiveWriter() {}

    /** The files of a folder with all below it, in the order in which they are written. */
    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** The bytes of all files of a folder. */
    public static long sizeBytes(Path folder) throws IOException {
        long bytes = 0;
        for (Path file : files(folder)) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    /**
     * Writes an archive. When it returns, the archive is on the disk.
     *
     * @param folder what is written; nobody changes it meanwhile
     * @param archive does not exist yet; what was written stays if this fails
     * @param version the version of the server
     * @param progress is told how many bytes of the folder have been written, again and again
     */
    public static void write(
            Path folder, Path archive, String version, Instant createdAt, LongConsumer progress)
            throws IOException {
        List<Manifest.Content> contents = new ArrayList<>();
        try (FileChannel channel = OwnFiles.create(archive);
                ZipOutputStream zip =
                        new ZipOutputStream(
                                new BufferedOutputStream(
                                        Channels.newOutputStream(channel), BUFFER_BYTES))) {
            // The largest part is compressed already.
            zip.setLevel(Deflater.BEST_SPEED);
            byte[] buffer = new byte[BUFFER_BYTES];
            long done = 0;
            for (Path file : files(folder)) {
                String path = folder.relativize(file).toString().replace('\\', '/');
                zip.putNextEntry(new ZipEntry(path));
                MessageDigest digest = Sha256.start();
                long size = 0;
                try (InputStream in = Files.newInputStream(file)) {
                    for (int read; (read = in.read(buffer)) >= 0; ) {
                        zip.write(buffer, 0, read);
                        digest.update(buffer, 0, read);
                        size += read;
                        progress.accept(done + size);
                    }
                }
                zip.closeEntry();
                done += size;
                contents.add(
                        new Manifest.Content(
                                path, size, HexFormat.of().formatHex(digest.digest())));
            }
            zip.putNextEntry(new ZipEntry(Manifest.NAME));
            Manifest manifest = new Manifest(Manifest.FORMAT, version, createdAt, contents);
            zip.write(manifest.write().getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
            zip.finish();
            zip.flush();
            channel.force(true);
        }
    }
}
