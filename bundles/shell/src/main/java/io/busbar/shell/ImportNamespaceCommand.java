package io.busbar.shell;

import io.busbar.api.uns.ImportResult;
import io.busbar.api.uns.Namespace;
import io.busbar.api.uns.TextSource;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
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
        Namespace into = namespace();
        Path path = session().currentDir().resolve(file);
        ImportResult result = read(into, path);
        long problems = result.problems().size() + result.moreProblems();
        if (problems > 0) {
            result.problems().forEach(problem -> out.println(printable(problem.toString())));
            if (result.moreProblems() > 0) {
                out.println("and " + result.moreProblems() + " more");
            }
            throw new IllegalArgumentException("Nothing was made: " + problems + " error(s).");
        }
        result.notes().forEach(note -> out.println(printable(note.toString())));
        if (result.moreNotes() > 0) {
            out.println("and " + result.moreNotes() + " more of what is not kept");
        }
        out.println(
                (dryRun ? "Would make " : "Made ")
                        + result.created()
                        + " nodes; "
                        + result.unchanged()
                        + " exist already and stay as they are.");
        if (result.templates() > 0) {
            out.println(
                    (dryRun ? "Would make " : "Made ")
                            + result.templates()
                            + " versions of templates.");
        }
        if (result.ignoreRules() > 0) {
            out.println(
                    (dryRun ? "Would make " : "Made ")
                            + result.ignoreRules()
                            + " rules that ignore topics.");
        }
    }

    private ImportResult read(Namespace into, Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException("No file " + path + ".");
        }
        try {
            return into.importJson(TextSource.of(path), dryRun, actor());
        } catch (CharacterCodingException e) {
            throw new IOException(path + " is no UTF-8 text.", e);
        }
    }
}
