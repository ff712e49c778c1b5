package io.busbar.shell;

import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.TopicValue;
import java.io.PrintStream;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
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

    @Option(name = "--limit", description = "Most nodes to show")
    int limit = 1000;

    private int shown;

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
        if (top == null && namespace().childCount(null) == 0) {
            out.println(
                    "The namespace is empty. Make a topic with 'uns:create <path> <type>' or read a"
                            + " file with 'uns:import <file>'.");
        }
        print(out, top == null ? null : top.id(), "", depth);
    }

    private void print(PrintStream out, @Nullable UUID parent, String indent, int levels) {
        int count = namespace().childCount(parent);
        List<Node> nodes = namespace().children(parent, 0, Math.max(0, limit - shown));
        int printed = 0;
        while (printed < nodes.size() && shown < limit) {
            Node node = nodes.get(printed);
            printed++;
            shown++;
            boolean last = printed == count;
            out.println(
                    indent
                            + (last ? "└─ " : "├─ ")
                            + printable(node.name())
                            + (node.type() == NodeType.TOPIC ? state(node) : ""));
            if (levels > 1) {
                print(out, node.id(), indent + (last ? "   " : "│  "), levels - 1);
            } else if (namespace().childCount(node.id()) > 0) {
                out.println(
                        indent
                                + (last ? "   " : "│  ")
                                + "└─ … "
                                + namespace().topicsBelow(node.id())
                                + " topics below");
            }
        }
        if (printed < count) {
            out.println(indent + "└─ … " + (count - printed) + " more (--limit)");
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
