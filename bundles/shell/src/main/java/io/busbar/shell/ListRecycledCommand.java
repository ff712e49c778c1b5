package io.busbar.shell;

import io.busbar.api.uns.RecycledNode;
import java.io.PrintStream;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** Lists the deleted nodes that can be restored, the latest first. */
@Service
@Command(
        scope = "uns",
        name = "recycled",
        description = "Lists the deleted nodes that can be restored")
public final class ListRecycledCommand extends NamespaceCommand {
    @Option(name = "--limit", description = "Most nodes to show")
    int limit = 100;

    @Override
    void run(PrintStream out) {
        List<RecycledNode> all = namespace().recycleBin().list();
        ShellTable table = new ShellTable();
        table.column("Path");
        table.column("Topics").alignRight();
        table.column("Deleted");
        table.column("By");
        table.column("Kept until");
        table.column("Id");
        table.emptyTableText("Nothing was deleted that can be restored.");
        for (RecycledNode each : all.subList(0, Math.max(0, Math.min(limit, all.size())))) {
            table.addRow()
                    .addContent(
                            printable(each.path()),
                            each.topics(),
                            each.deletedAt(),
                            printable(each.deletedBy()),
                            each.until(),
                            each.id());
        }
        table.print(out);
        more(out, all.size(), limit);
    }
}
