package io.busbar.shell;

import io.busbar.api.uns.ImportResult;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.FileCompleter;

/** Creates the nodes that a file describes. */
@Service
@Command(
        scope = "uns",
        name = "import",
        description = "Makes the nodes of a file that do not exist yet")
public final class ImportNamespaceCommand extends NamespaceCommand {
    @Argument(
            name = "file",
            description = "JSON document in one of Tier0's shapes",
            required = true)
    @Completion(FileCompleter.class)
    String file = "";

    @Option(name = "--dry-run", description = "Only say what would happen")
    boolean dryRun;

    @Override
    void run(PrintStream out) throws IOException {
        ImportResult result =
                namespace().importJson(read(session().currentDir().resolve(file)), dryRun, actor());
        if (!result.errors().isEmpty()) {
            result.errors().forEach(error -> out.println(printable(error)));
            throw new IllegalArgumentException(
                    "Nothing was made: " + result.errors().size() + " error(s).");
        }
        out.println(
                (dryRun ? "Would make " : "Made ")
                        + result.created().size()
                        + " nodes; "
                        + result.unchanged().size()
                        + " exist already and stay as they are.");
    }

    private static String read(Path path) throws IOException {
        try {
            return Files.readString(path, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new IOException("No file " + path + ".", e);
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new IOException(path + " is no UTF-8 text.", e);
        }
    }
}
