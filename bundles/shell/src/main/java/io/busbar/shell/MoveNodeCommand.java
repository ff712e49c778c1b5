package io.busbar.shell;

import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeMove;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Moves or renames a node with all below it. */
@Service
@Command(
        scope = "uns",
        name = "move",
        description = "Moves or renames a node with all that is below it")
public final class MoveNodeCommand extends NamespaceCommand {
    @Argument(name = "path", description = "Path of the node", required = true)
    @Completion(PathCompleter.class)
    String path = "";

    @Argument(index = 1, name = "to", description = "Its new path", required = true)
    @Completion(PathCompleter.class)
    String to = "";

    @Option(
            name = "--keep-topics",
            description = "Devices go on publishing the topics that they publish now")
    boolean keepTopics;

    @Override
    void run(PrintStream out) {
        Node node = at(path);
        NodeMove move = new NodeMove(above(to), nameIn(to), keepTopics);
        Node moved = namespace().move(node.id(), 0, move, actor());
        out.println("Moved " + printable(path) + " to " + printable(moved.path()) + ".");
    }
}
