package io.busbar.shell;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

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
     * Writes a file, or to the terminal.
     *
     * @param name null for the terminal
     * @param out the terminal; says where the file is
     * @throws IOException if there is one of that name, or it cannot be written
     */
    static void write(@Nullable String name, Path folder, PrintStream out, Content content)
            throws IOException {
        if (name == null) {
            Writer terminal = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            content.writeTo(terminal);
            terminal.flush();
            return;
        }
        Path target = folder.resolve(name);
        write(target, content);
        out.println("Wrote " + target + ".");
    }

    private static void write(Path target, Content content) throws IOException {
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
