package io.busbar.itests.storage.folder;

import io.busbar.api.storage.Document;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A document in a file: the first line has the key as hexadecimal digits, the second the revision,
 * all else is the JSON.
 */
final class DocumentFile {
    private DocumentFile() {}

    /** Where a document is: a key can be longer than the name of a file, and have any letters. */
    static Path of(Path documents, String collection, String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes(key));
            return documents.resolve(collection).resolve(HexFormat.of().formatHex(hash) + ".json");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The document, or empty if there is none. */
    static Optional<Document> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String[] parts = Files.readString(file).split("\n", 3);
        return Optional.of(
                new Document(
                        file.getParent().getFileName().toString(),
                        text(parts[0]),
                        parts[2],
                        Long.parseLong(parts[1])));
    }

    static String key(Path file) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            return text(lines.readLine());
        }
    }

    /** Writes it, so that it survives a loss of power once its folder is forced as well. */
    static void write(Path file, Document document) throws IOException {
        Files.createDirectories(file.getParent());
        String key = HexFormat.of().formatHex(bytes(document.key()));
        ByteBuffer bytes =
                ByteBuffer.wrap(bytes(key + "\n" + document.revision() + "\n" + document.json()));
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** Puts what was written beside in its place; with revision 0 the document goes. */
    static void place(Path staged, Path file) throws IOException {
        if (read(staged).orElseThrow().revision() > 0) {
            Files.move(staged, file, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.deleteIfExists(file);
            Files.delete(staged);
        }
    }

    /** Makes the names in a folder survive a loss of power. */
    static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
    }
}
