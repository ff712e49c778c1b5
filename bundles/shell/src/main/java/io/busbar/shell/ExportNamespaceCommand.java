package io.busbar.shell;

import io.busbar.api.uns.NamespaceExport;
import io.busbar.api.uns.Node;
import java.io.IOException;
import java.io.PrintStream;
import java.util.NoSuchElementException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** Writes the namespace to the terminal or to a file. */
@Service
@Command(
        scope = "uns",
        name = "export",
        description = "Writes the namespace as a document that uns:import reads")
public final class ExportNamespaceCommand extends NamespaceCommand {
    @Argument(name = "path", description = "Where to begin; all of it if missing")
    @Completion(PathCompleter.class)
    @Nullable String path;

    @Option(name = "--to", description = "File to write; must not exist")
    @Nullable String file;

    @Override
    void run(PrintStream out) throws IOException {
        String from = path;
        Node top =
                from == null || from.isEmpty()
                        ? null
                        : namespace()
                                .byPath(from)
                                .orElseThrow(
                                        () ->
                                                new NoSuchElementException(
                                                        "No node '" + printable(from) + "'."));
        NamespaceExport export = namespace().export(top == null ? null : top.id());
        ExportFile.write(
                file,
                session().currentDir(),
                out,
                text -> {
                    export.writeAll(text);
                    text.write('\n');
                });
    }
}
