package io.busbar.shell;

import io.busbar.api.transfer.StateExport;
import java.io.IOException;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** Writes credentials, retained messages and sessions to the terminal or to a file. */
@Service
@Command(
        scope = "edge",
        name = "export",
        description =
                "Writes credentials, retained messages and sessions as lines of JSON that"
                        + " edge:import reads")
public final class ExportStateCommand extends StateCommand {
    @Option(name = "--to", description = "File to write; must not exist")
    @Nullable String file;

    @Override
    void run(PrintStream out) throws IOException {
        StateExport export = transfer().export(parts(), actor());
        ExportFile.write(file, session().currentDir(), out, export::writeAll);
        if (export.leftOut() == 0) {
            return;
        }
        if (file != null) { // else the last line on the terminal has said it
            export.leftOutNames().forEach(name -> out.println("left out: " + printable(name)));
        }
        throw new IllegalArgumentException(
                export.leftOut()
                        + " thing(s) are damaged in the store and were left out. Restore a backup,"
                        + " or start once with --recover.");
    }
}
