package io.busbar.shell;

import io.busbar.api.uns.Node;
import io.busbar.api.uns.NodeType;
import io.busbar.api.uns.TopicValue;
import io.busbar.api.uns.Violation;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.jspecify.annotations.Nullable;

/**
 * Lists the topics whose payloads did not fit their model: those whose last one does not, then the
 * most violations first.
 */
@Service
@Command(
        scope = "uns",
        name = "violations",
        description = "Lists the topics whose payloads did not fit")
public final class ListViolationsCommand extends NamespaceCommand {
    @Option(name = "--limit", description = "Most topics to show")
    int limit = 1000;

    @Override
    void run(PrintStream out) {
        List<TopicValue> found = new ArrayList<>();
        collect(null, found);
        found.sort(
                Comparator.comparing((TopicValue value) -> value.violationsInARow() > 0)
                        .thenComparingLong(TopicValue::violations)
                        .reversed());
        ShellTable table = new ShellTable();
        table.column("Topic");
        table.column("Now");
        table.column("Violations").alignRight();
        table.column("Messages").alignRight();
        table.column("Last");
        table.column("Field");
        table.column("Detail");
        table.emptyTableText(
                "No payload has violated its model since the start, or since the counters were"
                        + " reset.");
        for (TopicValue each : found.subList(0, Math.min(limit, found.size()))) {
            Violation last = each.lastViolation();
            table.addRow()
                    .addContent(
                            printable(each.topic()),
                            each.violationsInARow() > 0 ? "does not fit" : "fits",
                            each.violations(),
                            each.messages(),
                            last == null ? "-" : last.code(),
                            last == null ? "-" : orDash(last.field()),
                            last == null ? "-" : printable(last.detail()));
        }
        table.print(out);
        more(out, found.size(), limit);
    }

    private void collect(@Nullable UUID parent, List<TopicValue> found) {
        for (Node node : namespace().children(parent)) {
            if (node.type() == NodeType.TOPIC) {
                namespace()
                        .value(node.path())
                        .filter(value -> value.violations() > 0 || value.violationsInARow() > 0)
                        .ifPresent(found::add);
            }
            collect(node.id(), found);
        }
    }
}
