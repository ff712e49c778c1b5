package io.busbar.shell;

import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.TopicValue;
import java.io.PrintStream;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.jspecify.annotations.Nullable;

/** Shows the namespace as a tree. */
@Service
@Command(scope = "uns", name = "tree", description = "Shows the namespace as a tree")
public final class ShowTreeCommand extends NamespaceCommand {
    @Argument(name = "path", description = "Where to begin; the root if missing")
    @Completion(PathCompleter.class)
    @Nullable String path;

    @Option(name = "--depth", description = "Levels to show")
    int depth = 16;

    @Override
    void run(PrintStream out) {
        String from = path;
        Node top = null;
        if (from != null && !from.isEmpty()) {
            top =
                    namespace()
                            .byPath(from)
                            .orElseThrow(
                                    () ->
                                            new NoSuchElementException(
                                                    "No node '" + printable(from) + "'."));
            out.println(printable(top.path()));
        }
        List<Node> nodes = namespace().children(top == null ? null : top.id());
        if (nodes.isEmpty() && top == null) {
            out.println(
                    "The namespace is empty. Make a topic with 'uns:create <path> <type>' or read a"
                            + " file with 'uns:import <file>'.");
        }
        print(out, nodes, "", depth);
    }

    private void print(PrintStream out, List<Node> nodes, String indent, int levels) {
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            boolean last = i == nodes.size() - 1;
            out.println(
                    indent
                            + (last ? "└─ " : "├─ ")
                            + printable(node.name())
                            + (node.type() == NodeType.TOPIC ? state(node) : ""));
            List<Node> below = namespace().children(node.id());
            if (levels > 1) {
                print(out, below, indent + (last ? "   " : "│  "), levels - 1);
            } else if (!below.isEmpty()) {
                out.println(
                        indent
                                + (last ? "   " : "│  ")
                                + "└─ … "
                                + namespace().topicsBelow(node.id())
                                + " topics below");
            }
        }
    }

    private String state(Node node) {
        String quality =
                namespace()
                        .value(node.path())
                        .map(TopicValue::quality)
                        .map(each -> each.text())
                        .orElse("GoodNoData");
        return "  ["
                + node.payload().topicType()
                + ", "
                + node.payload().model().fields().size()
                + " fields, "
                + quality
                + "]";
    }
}
