package io.busbar.shell;

import io.busbar.api.uns.Node;
import io.busbar.api.uns.RecycledNode;
import java.io.PrintStream;
import java.util.NoSuchElementException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** Puts a deleted node back with all that was below it. */
@Service
@Command(
        scope = "uns",
        name = "restore",
        description = "Puts a deleted node back with all that was below it")
public final class RestoreNodeCommand extends NamespaceCommand {
    @Argument(
            name = "node",
            description = "Its path or id, as uns:recycled lists them; of several the latest",
            required = true)
    String node = "";

    @Option(name = "--to", description = "Another path than the one that it had")
    @Nullable String to;

    @Override
    void run(PrintStream out) {
        RecycledNode entry =
                namespace().recycleBin().list().stream()
                        .filter(
                                each ->
                                        each.path().equals(node)
                                                || each.id().toString().equals(node))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new NoSuchElementException(
                                                "No deleted node '" + printable(node) + "'."));
        Node restored =
                namespace()
                        .recycleBin()
                        .restore(
                                entry.id(),
                                to == null ? null : above(to),
                                to == null ? null : nameIn(to),
                                actor());
        out.println("Restored " + printable(restored.path()) + ".");
    }
}
