package io.busbar.shell;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that somebody exports: readable by its owner only, and with its name only when it is
 * complete.
 */
final class ExportFile {
    private ExportFile() {}

    /** Writes what is in it. */
    @FunctionalInterface
    interface Content {
        void writeTo(Writer text) throws IOException;
    }

    /**
     * Writes a file.
     *
     * @throws IOException if there is one of that name, or it cannot be written
     */
    static void write(Path target, Content content) throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(target + " exists already: choose another name.");
        }
        Path part = Files.createTempFile(target.toAbsolutePath().getParent(), ".export-", ".part");
        try {
            try (Writer text = Files.newBufferedWriter(part, StandardCharsets.UTF_8)) {
                content.writeTo(text);
            }
            // Unlike a move, a link never takes the place of what somebody made meanwhile.
            Files.createLink(target, part);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(target + " exists already: choose another name.", e);
        } catch (UnsupportedOperationException e) {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
