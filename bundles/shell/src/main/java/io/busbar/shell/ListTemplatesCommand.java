package io.busbar.shell;

import io.busbar.api.uns.SemanticVersion;
import io.busbar.api.uns.Template;
import io.busbar.api.uns.Templates;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;

/** Lists the templates, and how many topics pin them. */
@Service
@Command(
        scope = "uns",
        name = "templates",
        description = "Lists the templates and how many topics pin them")
public final class ListTemplatesCommand extends NamespaceCommand {
    @Option(name = "--limit", description = "Most templates to show")
    int limit = 1000;

    @Override
    void run(PrintStream out) {
        Templates templates = namespace().templates();
        List<Template> found = templates.list();
        Map<UUID, Map<SemanticVersion, Integer>> pinned = templates.pinned();
        ShellTable table = new ShellTable();
        table.column("Name");
        table.column("Alias");
        table.column("Latest");
        table.column("Versions").alignRight();
        table.column("Fields").alignRight();
        table.column("Topics").alignRight();
        table.column("On older versions").alignRight();
        table.emptyTableText("There are no templates.");
        for (Template each : found.subList(0, Math.min(limit, found.size()))) {
            Map<SemanticVersion, Integer> own = pinned.getOrDefault(each.id(), Map.of());
            int topics = own.values().stream().mapToInt(Integer::intValue).sum();
            table.addRow()
                    .addContent(
                            printable(each.name()),
                            orDash(each.alias()),
                            each.latest().version(),
                            each.versions().size(),
                            each.latest().model().fields().size(),
                            topics,
                            topics - own.getOrDefault(each.latest().version(), 0));
        }
        table.print(out);
        more(out, found.size(), limit);
    }
}
