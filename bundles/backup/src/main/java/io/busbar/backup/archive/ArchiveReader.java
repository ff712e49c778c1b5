package io.busbar.backup.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Checks an archive and unpacks it. */
public final class ArchiveReader {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int MAX_MANIFEST_BYTES = 256 << 20;

    private ArchiveReader() {}

    /**
     * Unpacks an archive and checks every byte of it. When it returns, all files are on the disk.
     *
     * @param folder exists and is empty; what was unpacked stays there if this fails
     * @throws IOException if the archive is not complete and unharmed, or cannot be unpacked; the
     *     message says why
     */
    public static Manifest unpack(Path archive, Path folder) throws IOException {
        if (!Files.isRegularFile(archive)) {
            throw new IOException(archive + " is not a file");
        }
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            Manifest manifest = manifest(zip);
            checkNames(zip, manifest, folder);
            for (Manifest.Content content : manifest.files()) {
                unpack(zip, content, place(folder, content.path()));
            }
            return manifest;
        } catch (ZipException e) {
            throw new IOException(
                    archive + " is no backup, or cut short or damaged (" + e.getMessage() + ")", e);
        }
    }

    private static Manifest manifest(ZipFile zip) throws IOException {
        ZipEntry entry = zip.getEntry(Manifest.NAME);
        if (entry == null) {
            throw new IOException(zip.getName() + " is no backup: there is no " + Manifest.NAME);
        }
        byte[] bytes;
        try (InputStream in = zip.getInputStream(entry)) {
            bytes = in.readNBytes(MAX_MANIFEST_BYTES);
        }
        try {
            return Manifest.read(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IOException(zip.getName() + " cannot be restored: " + e.getMessage(), e);
        }
    }

    /** The archive has exactly the files of the manifest, and they stay within the folder. */
    private static void checkNames(ZipFile zip, Manifest manifest, Path folder) throws IOException {
        Set<String> listed = new HashSet<>();
        for (Manifest.Content content : manifest.files()) {
            place(folder, content.path());
            if (!listed.add(content.path())) {
                throw new IOException(
                        "the " + Manifest.NAME + " names " + content.path() + " twice");
            }
        }
        listed.add(Manifest.NAME);
        List<String> names = zip.stream().map(ZipEntry::getName).toList();
        for (String name : names) {
            if (!listed.remove(name)) {
                throw new IOException(
                        zip.getName()
                                + " has the file "
                                + name
                                + ", which its "
                                + Manifest.NAME
                                + " does not name or which is there twice");
            }
        }
        if (!listed.isEmpty()) {
            throw new IOException(
                    zip.getName() + " is incomplete: " + listed.iterator().next() + " is missing");
        }
    }

    /**
     * Where a file goes.
     *
     * @throws IOException if the path leaves the folder
     */
    static Path place(Path folder, String path) throws IOException {
        boolean allowed = path.indexOf('\\') < 0 && path.indexOf('\0') < 0;
        for (String name : path.split("/", -1)) {
            allowed &= !name.isEmpty() && !name.equals(".") && !name.equals("..");
        }
        if (!allowed || !folder.resolve(path).normalize().startsWith(folder)) {
            throw new IOException(
                    "the path '"
                            + path
                            + "' of the backup leaves the data folder: somebody has changed the"
                            + " file");
        }
        return folder.resolve(path);
    }

    private static void unpack(ZipFile zip, Manifest.Content content, Path to) throws IOException {
        Path parent = to.getParent();
        if (parent != null) {
            OwnFiles.createFolders(parent);
        }
        MessageDigest digest = Sha256.start();
        long size = 0;
        try (InputStream in = zip.getInputStream(zip.getEntry(content.path()));
                FileChannel file = OwnFiles.create(to)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            // A byte more than there may be is enough to see that it is wrong.
            for (int read; size <= content.size() && (read = in.read(buffer)) >= 0; ) {
                digest.update(buffer, 0, read);
                size += read;
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
            }
            file.force(true);
        }
        if (size != content.size()
                || !HexFormat.of().formatHex(digest.digest()).equals(content.sha256())) {
            throw new IOException(
                    zip.getName() + " is damaged: " + content.path() + " is not what was written");
        }
    }
}
