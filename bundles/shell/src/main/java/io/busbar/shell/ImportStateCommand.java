package io.busbar.shell;

import io.busbar.api.transfer.ImportReport;
import io.busbar.api.transfer.ImportRule;
import io.busbar.api.transfer.MalformedStateException;
import io.busbar.api.transfer.StatePart;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.FileCompleter;

/** Reads lines that edge:export wrote, here or elsewhere. */
@Service
@Command(
        scope = "edge",
        name = "import",
        description = "Makes the credentials, retained messages and sessions of a file")
public final class ImportStateCommand extends StateCommand {
    @Argument(name = "file", description = "Lines that edge:export wrote", required = true)
    @Completion(FileCompleter.class)
    String file = "";

    @Option(name = "--replace", description = "Replace what exists already; otherwise it is kept")
    boolean replace;

    @Option(name = "--dry-run", description = "Only say what would happen")
    boolean dryRun;

    @Override
    void run(PrintStream out) throws IOException {
        Path path = session().currentDir().resolve(file);
        if (!Files.isRegularFile(path)) {
            throw new IOException("No file " + path + ".");
        }
        ImportReport report;
        try (InputStream lines = Files.newInputStream(path)) {
            report =
                    transfer()
                            .importLines(lines, new ImportRule(replace, dryRun, parts()), actor());
        } catch (MalformedStateException e) {
            throw new IllegalArgumentException(e.getMessage() + " Nothing was changed.", e);
        }
        for (StatePart part : StatePart.values()) {
            ImportReport.Count count = report.parts().get(part);
            if (count != null) {
                out.println(line(part, count));
            }
        }
        report.problems().forEach(problem -> out.println(printable(problem.toString())));
        long problems = report.problems().size() + report.moreProblems();
        if (report.moreProblems() > 0) {
            out.println("and " + report.moreProblems() + " more");
        }
        if (problems > 0) {
            throw new IllegalArgumentException(
                    problems + " line(s) were not imported" + (dryRun ? " (dry run)." : "."));
        }
    }

    private String line(StatePart part, ImportReport.Count count) {
        String messages =
                part == StatePart.SESSIONS ? ", " + count.messages() + " messages waiting" : "";
        return part.name().toLowerCase(Locale.ROOT)
                + ": "
                + (dryRun ? "would make " : "made ")
                + count.created()
                + ", replaced "
                + count.replaced()
                + ", skipped "
                + count.skipped()
                + messages;
    }
}
