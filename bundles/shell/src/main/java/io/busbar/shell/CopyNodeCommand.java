package io.busbar.shell;

import io.busbar.api.uns.Node;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Makes nodes like a node and all below it. */
@Service
@Command(
        scope = "uns",
        name = "copy",
        description = "Makes nodes like a node and all that is below it")
public final class CopyNodeCommand extends NamespaceCommand {
    @Argument(name = "path", description = "Path of the node", required = true)
    @Completion(PathCompleter.class)
    String path = "";

    @Argument(index = 1, name = "to", description = "Path of the copy", required = true)
    @Completion(PathCompleter.class)
    String to = "";

    @Override
    void run(PrintStream out) {
        Node node = at(path);
        Node copy = namespace().copy(node.id(), above(to), nameIn(to), actor());
        out.println("Copied " + printable(path) + " to " + printable(copy.path()) + ".");
    }
}
