package io.busbar.shell;

import io.busbar.api.uns.Node;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Deletes a node and all below it. */
@Service
@Command(scope = "uns", name = "delete", description = "Deletes a node and all below it")
public final class DeleteNodeCommand extends NamespaceCommand {
    @Argument(name = "path", description = "Path of the node", required = true)
    @Completion(PathCompleter.class)
    String path = "";

    @Option(name = "--recursive", description = "Also if there are nodes below it")
    boolean recursive;

    @Option(name = "--permanent", description = "For good, not into the recycle bin")
    boolean permanent;

    @Override
    void run(PrintStream out) {
        Node node = at(path);
        if (!recursive && namespace().childCount(node.id()) > 0) {
            throw new IllegalArgumentException(
                    printable(path)
                            + " has nodes below it ("
                            + namespace().topicsBelow(node.id())
                            + " topics). To delete them too: uns:delete --recursive "
                            + printable(path));
        }
        if (permanent) {
            namespace().deleteForGood(node.id(), 0, actor());
        } else {
            namespace().delete(node.id(), 0, actor());
        }
        out.println("Deleted " + printable(path) + ".");
    }
}
